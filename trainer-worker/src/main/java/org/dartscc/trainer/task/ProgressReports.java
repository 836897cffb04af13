package org.dartscc.trainer.task;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingOutcome.Progress;
import org.dartscc.model.message.TrainingTask;
import org.dartscc.trainer.pace.Pace;

/** Thins out what a task says of its progress to one report every two seconds, with the mean loss in between. */
final class ProgressReports implements Pace.Listener {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(2).toNanos();

    private final TrainingTask task;
    private final LongSupplier nanoTime;
    private final Consumer<Progress> reports;
    private long reportedAt;
    private String reportedWhat = "";
    private double lossSum;
    private int losses;

    ProgressReports(TrainingTask task, LongSupplier nanoTime, Consumer<Progress> reports) {
        this.task = task;
        this.nanoTime = nanoTime;
        this.reports = reports;
    }

    @Override
    public void advanced(String what, int done, int total, Double loss) {
        if (loss != null && Double.isFinite(loss)) {
            lossSum += loss;
            losses++;
        }
        long now = nanoTime.getAsLong();
        if (what.equals(reportedWhat) && now - reportedAt < INTERVAL_NANOS) {
            return;
        }
        Double mean = losses == 0 ? null : lossSum / losses;
        reports.accept(new Progress(
                Topics.SCHEMA_VERSION, task.taskId(), task.searchId(), task.attempt(), what, done, total, mean));
        reportedAt = now;
        reportedWhat = what;
        lossSum = 0;
        losses = 0;
    }
}
