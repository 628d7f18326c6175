package io.flashlloyd.spark.init;

import io.flashlloyd.spark.data.VectorRows;
import java.util.List;

/** k distinct rows, those of smallest hash. */
public record RandomInitializer(int k, long seed) implements Initializer {
  /** The round that this rule hashes with; k-means|| uses others. */
  static final int ROUND = 0;

  @Override
  public Initialization centroids(VectorRows data) {
    List<RowContent> chosen = smallest(data, k, seed).contents();
    return chosen.size() < k
        ? Candidates.exhausted(chosen)
        : new Initialization(Candidates.inOrder(chosen), false);
  }

  static SmallestHashes smallest(VectorRows data, int count, long seed) {
    return data.reduce("init: random", new SampleTask(count, seed, ROUND), SmallestHashes::merge);
  }
}
