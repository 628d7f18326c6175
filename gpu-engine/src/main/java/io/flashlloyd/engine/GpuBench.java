package io.flashlloyd.engine;

import io.flashlloyd.engine.cuda.CudaEngine;
import io.flashlloyd.engine.cuda.PaperBench;
import java.io.IOException;
import java.util.List;

/** The GPU engine's bench, for the command line. */
public final class GpuBench {
  private GpuBench() {}

  /**
   * Times the engine on device 0 and prints what it finds.
   *
   * @param arguments as {@link PaperBench} takes them
   * @throws IllegalArgumentException where there is no GPU to be had, with the reason
   * @throws IOException where a file cannot be read or written
   */
  public static void run(List<String> arguments) throws IOException {
    CudaEngine.unavailable(0)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException("The bench needs a GPU: " + reason);
            });
    PaperBench.main(arguments.toArray(String[]::new));
  }
}
