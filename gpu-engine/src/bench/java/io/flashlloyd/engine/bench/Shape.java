package io.flashlloyd.engine.bench;

import io.flashlloyd.engine.ElementType;

/** What is clustered: rows, dimension, k, and the type that our engine keeps the rows in. */
record Shape(int rows, int dimension, int k, ElementType type) {
  /** Floating-point operations of one Lloyd iteration, by convention 2 N K d, in 10^9. */
  double gigaflop() {
    return 2.0 * rows * k * dimension * 1e-9;
  }

  String name() {
    return "N=%d d=%d K=%d %s".formatted(rows, dimension, k, type.name().toLowerCase());
  }
}
