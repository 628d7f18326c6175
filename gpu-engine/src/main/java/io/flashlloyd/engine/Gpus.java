package io.flashlloyd.engine;

import java.io.Serializable;
import java.util.List;

/**
 * The GPUs that an engine may use, and how much of each.
 *
 * @param devices CUDA ordinals, as the process sees them; empty for all that it sees
 * @param tierBytes memory of each for chunks that stay there; negative for most of what is free
 */
public record Gpus(List<Integer> devices, long tierBytes) implements Serializable {
  /** All that the process sees, most of their memory. */
  public static final Gpus ALL = new Gpus(List.of(), -1);

  public Gpus {
    devices = List.copyOf(devices);
  }
}
