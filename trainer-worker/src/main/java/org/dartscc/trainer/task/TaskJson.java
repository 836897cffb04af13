package org.dartscc.trainer.task;

import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.model.message.TrainingTask;

/** Tasks and outcomes as the JSON on the topics. */
final class TaskJson {
    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private TaskJson() {}

    /** @throws IllegalArgumentException when the record is not a training task */
    static TrainingTask read(byte[] json) {
        if (json == null) {
            throw new IllegalArgumentException("not a training task: the record is empty");
        }
        try {
            var task = JSON.readValue(json, TrainingTask.class);
            if (task == null || missesParts(task)) {
                throw new IllegalArgumentException("not a training task: it lacks its ids, data set or space");
            }
            return task;
        } catch (IOException e) {
            throw new IllegalArgumentException("not a training task: " + e.getMessage(), e);
        }
    }

    private static boolean missesParts(TrainingTask task) {
        Stream<Object> rest = Stream.empty();
        if (task instanceof TrainingTask.TrainRound round) {
            rest = Stream.of(round.space(), round.method());
        } else if (task instanceof TrainingTask.FitTradeoff fit) {
            rest = Stream.of(fit.space());
        } else if (task instanceof TrainingTask.FinaliseModel finalise) {
            rest = Stream.of(finalise.space(), finalise.modelId(), finalise.genotype());
        }
        return task.dataset() == null
                || Stream.concat(
                                Stream.of(
                                        task.taskId(),
                                        task.searchId(),
                                        task.dataset().name()),
                                rest)
                        .anyMatch(Objects::isNull);
    }

    static String write(TrainingOutcome outcome) {
        try {
            return JSON.writeValueAsString(outcome);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an outcome can't be written as JSON", e);
        }
    }
}
