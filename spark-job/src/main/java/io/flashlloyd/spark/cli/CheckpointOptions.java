package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.checkpoint.CheckpointSettings;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that let a fit be taken up again. */
final class CheckpointOptions {
  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--checkpoint",
      paramLabel = "URI",
      description =
          "Folder for the state after each iteration, so that a run that was killed can be taken"
              + " up; emptied when --output is there.")
  private String uri;

  @Option(
      names = "--checkpoint-every",
      defaultValue = "1",
      paramLabel = "N",
      description = "Iterations from one checkpoint to the next. Default: 1.")
  private int every;

  @Option(
      names = "--resume",
      description =
          "Go on from the newest checkpoint, to the bits that the run would have found; from the"
              + " beginning where there is none.")
  private boolean resume;

  void validate() {
    UsageMessage.require(every >= 1, command, "--checkpoint-every", every, "at least 1");
    UsageMessage.require(
        uri != null || !resume,
        command,
        "--resume",
        "without --checkpoint",
        "the folder to go on from");
    UsageMessage.require(
        uri == null || !uri.isBlank(), command, "--checkpoint", "empty", "a folder");
  }

  /** Null where there are to be none. */
  String uri() {
    return uri;
  }

  /** Null where there are to be no checkpoints. */
  CheckpointSettings settings() {
    return uri == null ? null : new CheckpointSettings(uri, every, resume);
  }
}
