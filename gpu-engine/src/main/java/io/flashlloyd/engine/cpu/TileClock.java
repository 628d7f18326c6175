package io.flashlloyd.engine.cpu;

/** Where a thread's time goes within one tile. One thread's; not thread-safe. */
final class TileClock {
  private long last;
  private long screen;
  private long refine;
  private long sum;

  /** Begins a tile. */
  void start() {
    screen = 0;
    refine = 0;
    sum = 0;
    last = System.nanoTime();
  }

  private long lap() {
    long now = System.nanoTime();
    long lap = now - last;
    last = now;
    return lap;
  }

  void screened() {
    screen += lap();
  }

  void refined() {
    refine += lap();
  }

  void summed() {
    sum += lap();
  }

  long screen() {
    return screen;
  }

  long refine() {
    return refine;
  }

  long sum() {
    return sum;
  }
}
