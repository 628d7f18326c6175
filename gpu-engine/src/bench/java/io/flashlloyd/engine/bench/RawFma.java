package io.flashlloyd.engine.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The float32 multiply-add rate of this machine: twelve independent chains in registers. */
final class RawFma {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;
  private static final int TURNS = 60_000_000;
  private static final int WARM_UP = 40;

  private RawFma() {}

  /** GFLOP/s of {@code threads} threads together, one sample of about 0.1 s or more. */
  static double gigaflops(int threads) {
    List<Thread> running = new ArrayList<>();
    AtomicReference<Float> sink = new AtomicReference<>(0f);
    long start = System.nanoTime();
    for (int i = 0; i < threads; i++) {
      float value = 1e-9f * (i + 1);
      Thread thread = new Thread(() -> sink.set(chains(TURNS, value)));
      thread.start();
      running.add(thread);
    }
    for (Thread thread : running) {
      join(thread);
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    return 2.0 * TURNS * CHAINS * FLOATS.length() * threads / seconds * 1e-9;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while measuring", e);
    }
  }

  /** Compiles the loop. */
  static void warmUp() {
    float sink = 0;
    for (int i = 0; i < WARM_UP; i++) {
      sink += chains(20_000, 1e-9f);
    }
    if (Float.isNaN(sink)) {
      throw new IllegalStateException("The multiply-add loop gave NaN");
    }
  }

  private static float chains(int turns, float value) {
    FloatVector x = FloatVector.broadcast(FLOATS, value);
    FloatVector s0 = x;
    FloatVector s1 = x;
    FloatVector s2 = x;
    FloatVector s3 = x;
    FloatVector s4 = x;
    FloatVector s5 = x;
    FloatVector s6 = x;
    FloatVector s7 = x;
    FloatVector s8 = x;
    FloatVector s9 = x;
    FloatVector s10 = x;
    FloatVector s11 = x;
    for (int i = 0; i < turns; i++) {
      s0 = x.fma(x, s0);
      s1 = x.fma(x, s1);
      s2 = x.fma(x, s2);
      s3 = x.fma(x, s3);
      s4 = x.fma(x, s4);
      s5 = x.fma(x, s5);
      s6 = x.fma(x, s6);
      s7 = x.fma(x, s7);
      s8 = x.fma(x, s8);
      s9 = x.fma(x, s9);
      s10 = x.fma(x, s10);
      s11 = x.fma(x, s11);
    }
    FloatVector sum = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    sum = sum.add(s6).add(s7).add(s8).add(s9).add(s10).add(s11);
    return sum.reduceLanes(VectorOperators.ADD);
  }
}
