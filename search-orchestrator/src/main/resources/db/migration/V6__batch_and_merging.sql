-- Fingerprints tell how many images a run takes: one, so far; nobody knows it of imported costs.
update device_fingerprint set fingerprint =
    jsonb_set(fingerprint::jsonb, '{batch}', case when origin is null then '1'::jsonb else '0'::jsonb end)::text;

-- Imported and inferred costs so far are plain sums of all operators.
update device_fingerprint set origin = (origin::jsonb || '{"curve": {"kneeMicros": 0, "bend": 0}, "mergesEqual": false}')::text
    where origin is not null;
