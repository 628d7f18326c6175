package io.flashlloyd.spark.checkpoint;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.Fingerprint;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.fit.KMeansConfig;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * All that a run's centroids are a function of, by name: the multiset of rows and the parameters.
 * {@code maxIter} is not among them: no iteration depends on how many may follow.
 */
public record RunIdentity(Map<String, String> fields) {
  /**
   * What the program makes of the fields. Raised with every change after which the same fields may
   * end in other bits: of the rows' hashes, an initialization, the distances, the scale of sums,
   * the update or the rule for empty clusters. Releases that change none of these go on from each
   * other's checkpoints.
   */
  static final int ARITHMETIC = 3;

  private static final String ARITHMETIC_FIELD = "arithmetic";

  public RunIdentity {
    fields = new LinkedHashMap<>(fields);
  }

  /** Of a fit. */
  public static RunIdentity of(VectorData data, KMeansConfig config) {
    Fingerprint rows = data.fingerprint();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(ARITHMETIC_FIELD, Integer.toString(ARITHMETIC));
    fields.put("rows", Long.toString(rows.rows()));
    fields.put("dimension", Integer.toString(data.dimension()));
    fields.put("sum of row hashes", rows.hash());
    if (data.weighted()) { // rows' hashes have their weights as integers, at this scale
      fields.put("exponent of weights", Integer.toString(data.source().weightExponent()));
    }
    fields.put("distance", data.measure().label());
    fields.put("k", Integer.toString(config.k()));
    fields.put("tol", Double.toString(config.tol()));
    fields.put("seed", Long.toString(config.seed()));
    fields.put("init", config.initMode());
    fields.put("initSteps", Integer.toString(config.initSteps()));
    fields.put("emptyCluster", config.emptyCluster().label());
    if (config.given() != null) {
      fields.put("hash of initial centroids", hash(config.given()));
    }
    return new RunIdentity(fields);
  }

  private static String hash(Centroids centroids) {
    float[] values = centroids.values();
    Digest digest = new Digest();
    ByteBuffer piece = ByteBuffer.allocate(Math.multiplyExact(4, centroids.dimension()));
    for (int at = 0; at < values.length; at += centroids.dimension()) {
      piece.asFloatBuffer().put(values, at, centroids.dimension());
      digest.update(piece.array(), 0, piece.capacity());
    }
    return digest.hex();
  }

  /**
   * Refuses what was left by another run.
   *
   * @param place what the error calls the checkpoint
   * @throws IllegalArgumentException naming the first field that differs
   */
  void requireSame(Map<String, String> found, String place) {
    String arithmetic = fields.get(ARITHMETIC_FIELD);
    if (!Objects.equals(arithmetic, found.get(ARITHMETIC_FIELD))) {
      throw new IllegalArgumentException(
          "Checkpoint %s is of another version of the program: its %s is %s (expected %s: other"
                  .formatted(
                      place,
                      ARITHMETIC_FIELD,
                      found.getOrDefault(ARITHMETIC_FIELD, "not named"),
                      arithmetic)
              + " bits could come out); go on with that version, or give another --checkpoint");
    }
    fields.forEach((name, value) -> require(name, found.get(name), value, place));
    found.forEach((name, value) -> require(name, value, fields.get(name), place));
  }

  private static void require(String name, String found, String expected, String place) {
    if (!Objects.equals(found, expected)) {
      throw new IllegalArgumentException(
          ("Checkpoint %s is of another run: %s (expected %s, as now); give the data and options it"
                  + " was made with, or another --checkpoint")
              .formatted(
                  place,
                  found == null ? "it names no " + name : "its %s is %s".formatted(name, found),
                  expected == null ? "none" : expected));
    }
  }
}
