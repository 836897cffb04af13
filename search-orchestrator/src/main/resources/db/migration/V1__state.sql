create table device (
    id text primary key,
    name text not null,
    description text,
    -- SHA-256 of the token; the token itself is never stored.
    token_hash text not null unique,
    created_at timestamptz not null,
    last_seen timestamptz,
    -- Grows with every change of a cost: the version of the device's cost tables.
    cost_revision bigint not null default 0
);

-- Costs of different runtime fingerprints are never mixed; the newest one of a device counts.
create table device_fingerprint (
    device_id text not null references device on delete cascade,
    hash text not null,
    fingerprint text not null,
    newest timestamptz not null,
    primary key (device_id, hash)
);

create table operator_cost (
    device_id text not null references device on delete cascade,
    fingerprint text not null,
    signature text not null,
    median_micros double precision not null,
    spread_micros double precision not null,
    samples int not null,
    version bigint not null,
    measured_at timestamptz not null,
    primary key (device_id, fingerprint, signature)
);

create table network_cost (
    device_id text not null references device on delete cascade,
    fingerprint text not null,
    space text not null,
    genotype text not null,
    median_micros double precision not null,
    spread_micros double precision not null,
    samples int not null,
    version bigint not null,
    measured_at timestamptz not null,
    primary key (device_id, fingerprint, space, genotype)
);

create table measurement_failure (
    device_id text not null references device on delete cascade,
    what text not null,
    reason text not null,
    failed_at timestamptz not null,
    primary key (device_id, what)
);

create table search (
    id text primary key,
    name text not null,
    dataset text not null,
    space text not null,
    method text not null,
    seed bigint not null,
    epochs int,
    -- Unknown until the data set was inspected when a search is given in epochs.
    steps_total int,
    round_steps int not null,
    batch_size int not null,
    state text not null,
    -- What a paused search goes back to.
    paused_state text,
    failure text,
    dataset_info text,
    round int not null,
    steps_done int not null,
    -- Steps of the round that runs now, as its trainer told last.
    steps_live int not null,
    loss double precision,
    losses text not null,
    seconds_per_step double precision,
    activity text,
    checkpoint text,
    estimate text,
    hypernetwork text,
    -- Grows with every fit of the trade-off; 0 = none yet.
    fit_number int not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table search_device (
    search_id text not null references search on delete cascade,
    device_id text not null references device on delete cascade,
    requested_at timestamptz,
    -- The fingerprint that the last request was made for; a newer one needs new measurements.
    requested_for text,
    primary key (search_id, device_id)
);
create index on search_device (device_id);

create sequence task_number;

create table task (
    -- Made of the search, the round and the shard: planning a task twice makes one.
    id text primary key,
    search_id text not null references search on delete cascade,
    model_id text,
    payload text not null,
    attempt int not null,
    failures int not null,
    state text not null,
    started boolean not null,
    last_sign timestamptz not null
);
create index on task (search_id) where state = 'OPEN';

create table architecture (
    id text primary key,
    search_id text not null references search on delete cascade,
    -- No reference: models outlive the device that they were made for.
    device_id text not null,
    genotype text not null,
    predicted_latency_micros double precision not null,
    estimated_accuracy double precision not null,
    parameters bigint not null,
    macs bigint not null,
    cost_version bigint not null,
    budget text not null,
    strategy text not null,
    created_at timestamptz not null
);

create table model (
    id text primary key,
    architecture_id text not null references architecture on delete cascade,
    search_id text not null references search on delete cascade,
    device_id text not null,
    state text not null,
    attempt int not null,
    fine_tune_epochs int not null,
    strategy text not null,
    budget text not null,
    attempts text not null,
    onnx text,
    parity_max_abs_diff double precision,
    dataset_info text,
    measurement_failures int not null,
    failure text,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index on model (device_id) where state = 'VERIFYING';

-- What is to be published, in the order of the ids. Written with the state change that it tells of.
create table outbox (
    id bigint generated always as identity primary key,
    topic text not null,
    key text,
    partition int,
    payload text not null,
    created_at timestamptz not null default now()
);
