-- Fingerprints tell how many images a run takes. What agents measured before is of other fingerprints than what they will
-- measure: it is forgotten, so that it is asked for again.
delete from operator_cost c using device_fingerprint f
    where f.origin is null and c.device_id = f.device_id and c.fingerprint = f.hash;
delete from network_cost c using device_fingerprint f
    where f.origin is null and c.device_id = f.device_id and c.fingerprint = f.hash;
delete from device_fingerprint where origin is null;

-- Nobody knows how many images a run took of imported costs, which are plain sums of all operators so far.
update device_fingerprint set
    fingerprint = jsonb_set(fingerprint::jsonb, '{batch}', '0'::jsonb)::text,
    origin = (origin::jsonb || '{"curve": {"kneeMicros": 0, "bend": 0}, "mergesEqual": false}')::text;
