package org.dartscc.cli.command;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;

import org.dartscc.cli.FailureException;

/** Stands in the help; the {@code dartscc} script runs the tests itself, since they build what it would start. */
@Command(
        name = "test",
        description = "Run all tests of all modules (mvn verify); further arguments go to Maven.",
        footerHeading = "%nExamples:%n",
        footer = {"  ./dartscc test", "  ./dartscc test -pl cli"})
final class TestCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new FailureException("the tests are run by the dartscc script of the source tree: ./dartscc test");
    }
}
