package io.flashlloyd.spark.plan;

/** Chooses how an engine's speed is known. */
public final class Rates {
  private Rates() {}

  /** A GPU's, from the published table; a CPU's, by trying it. */
  public static EngineRate of(Machines machines, int threads) {
    return machines.gpus() > 0 ? new HopperRate() : new CpuRate(threads);
  }
}
