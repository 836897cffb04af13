alter table architecture add column file_bytes bigint not null default 0;
alter table architecture add column peak_activation_bytes bigint not null default 0;
-- Those of older architectures are not known.
alter table architecture alter column file_bytes drop default;
alter table architecture alter column peak_activation_bytes drop default;
