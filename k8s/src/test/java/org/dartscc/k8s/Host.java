package org.dartscc.k8s;

import java.util.List;
import java.util.regex.Pattern;

/** A host of this namespace and its port, as they stand in a variable. */
record Host(String name, int port) {
    private static final Pattern PLACE = Pattern.compile("(?:^|//|,)([a-z][a-z0-9-]*):(\\d{2,5})(?=$|[/,?])");

    static List<Host> in(String value) {
        return PLACE.matcher(value)
                .results()
                .map(m -> new Host(m.group(1), Integer.parseInt(m.group(2))))
                .filter(h -> !h.name().equals("localhost"))
                .toList();
    }

    @Override
    public String toString() {
        return name + ":" + port;
    }
}
