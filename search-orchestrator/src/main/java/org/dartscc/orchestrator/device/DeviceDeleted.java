package org.dartscc.orchestrator.device;

/** A device and its costs are gone. */
public record DeviceDeleted(String deviceId) {}
