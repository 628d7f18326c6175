package io.flashlloyd.spark.plan;

/** How fast one engine is. */
public interface EngineRate {
  /** Seconds of an iteration over rows that are where the engine reads them best. */
  double seconds(Shape shape);

  /** Bytes a row takes where it stays with the engine. */
  double residentRowBytes(Shape shape);

  /** What this is, in a few words. */
  String name();
}
