package org.dartscc.agent.device;

/**
 * What the orchestrator says of the device that a token belongs to.
 *
 * @param kafkaBootstrapServers where its messages go; null when the orchestrator leaves that to the agent's settings
 */
public record DeviceIdentity(String deviceId, String name, String kafkaBootstrapServers) {
    public DeviceIdentity {
        if (deviceId == null || deviceId.isBlank()) {
            throw new IllegalArgumentException("the orchestrator's answer names no device");
        }
    }
}
