package io.flashlloyd.engine.cpu;

import jdk.incubator.vector.FloatVector;

/** Which register tile runs on this machine. */
enum TileShape {
  WIDE {
    @Override
    TileKernel kernel() {
      return new WideTileKernel();
    }
  },
  NARROW {
    @Override
    TileKernel kernel() {
      return new NarrowTileKernel();
    }
  };

  /** Forces a shape: {@code wide} or {@code narrow}. */
  static final String PROPERTY = "flashlloyd.cpu.tile";

  abstract TileKernel kernel();

  /** By the number of vector registers: 32 with AVX-512 and on AArch64, 16 with AVX2. */
  static TileKernel choose() {
    String forced = System.getProperty(PROPERTY);
    if (forced != null) {
      for (TileShape shape : values()) {
        if (shape.name().equalsIgnoreCase(forced)) {
          return shape.kernel();
        }
      }
      throw new IllegalArgumentException(
          PROPERTY + " is \"" + forced + "\" (expected wide or narrow)");
    }
    boolean manyRegisters =
        FloatVector.SPECIES_PREFERRED.length() == 16
            || System.getProperty("os.arch").equals("aarch64");
    return (manyRegisters ? WIDE : NARROW).kernel();
  }
}
