-- What a device draws while it runs a network, where its host tells: budgets of energy are kept by it.
alter table network_cost add column watts double precision;
