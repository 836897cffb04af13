package org.dartscc.cli.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ParentWatchTest {

    @Test
    void childEndsWhenItsParentIsKilled() throws Exception {
        var parent = java(Parent.class).redirectError(Redirect.DISCARD).start();
        long child;
        try (var out = new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            child = Long.parseLong(out.readLine());
        }
        var handle = ProcessHandle.of(child).orElseThrow();
        assertThat(handle.isAlive()).isTrue();

        parent.destroyForcibly().waitFor();

        handle.onExit().get(20, TimeUnit.SECONDS);
        assertThat(handle.isAlive()).isFalse();
    }

    private static ProcessBuilder java(Class<?> main, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** Starts a watched child, tells its number and waits to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            var child = java(ParentWatch.class, Sleeper.class.getName())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            System.out.println(child.pid());
            System.out.flush();
            child.waitFor();
        }
    }

    /** Would run for a minute. */
    public static final class Sleeper {
        private Sleeper() {}

        public static void main(String[] args) throws InterruptedException {
            Thread.sleep(60_000);
        }
    }
}
