package org.dartscc.agent.child;

import java.nio.file.Path;

import org.dartscc.agent.probe.Profile;

/**
 * How a measuring process is run.
 *
 * @param lockFolder of the machine's turns; null where they are free
 * @param onednnFolder with the jars of that add-on; null where there is none
 */
public record ChildSettings(Profile profile, Path lockFolder, Path onednnFolder) {}
