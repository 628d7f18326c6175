package io.flashlloyd.spark.checkpoint;

/**
 * Where a fit leaves its state.
 *
 * @param uri a folder, on any file system that Hadoop knows
 * @param every iterations from one checkpoint to the next, at least 1
 * @param resume whether to go on from the checkpoint that is there
 */
public record CheckpointSettings(String uri, int every, boolean resume) {
  public CheckpointSettings {
    if (every < 1) {
      throw new IllegalArgumentException(
          "Checkpoints are every %d iterations (expected at least 1)".formatted(every));
    }
  }
}
