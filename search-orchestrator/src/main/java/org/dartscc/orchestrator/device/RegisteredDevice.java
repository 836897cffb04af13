package org.dartscc.orchestrator.device;

/** Answer to a registration, and the only time that the token is shown; an imported device has none. */
public record RegisteredDevice(String id, String name, String token) {}
