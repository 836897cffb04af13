-- A device whose costs come from a table has no agent, and so no token.
alter table device alter column token_hash drop not null;

-- Where costs come from that no agent measured; null for measured ones.
alter table device_fingerprint add column origin text;

-- Whether the device timed the model, or nobody can.
alter table model add column verification text not null default 'PENDING';
update model set verification = 'MEASURED' where state = 'READY';
