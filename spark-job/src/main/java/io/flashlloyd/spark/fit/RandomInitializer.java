package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.spark.data.RowContent;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.executor.EngineSettings;
import java.util.ArrayList;
import java.util.List;

/** k distinct rows, those of smallest hash. */
public record RandomInitializer(int k, long seed, EngineSettings engine) implements Initializer {
  /** The round that this rule hashes with; k-means|| uses others. */
  static final int ROUND = 0;

  @Override
  public Initialization centroids(VectorRows data) {
    List<RowContent> chosen = smallest(data, k, seed, engine);
    return chosen.size() < k
        ? Candidates.exhausted(chosen)
        : new Initialization(Candidates.inOrder(chosen), false);
  }

  /** The {@code count} distinct contents of smallest hash, in order of hash; fewer: all. */
  static List<RowContent> smallest(VectorRows data, int count, long seed, EngineSettings engine) {
    return smallest(data, count, seed, engine, ContentSlices.SLICE_BYTES);
  }

  static List<RowContent> smallest(
      VectorRows data, int count, long seed, EngineSettings engine, long sliceBytes) {
    long most = Math.min(count, data.rows());
    int slices = ContentSlices.count(most, data.dimension(), sliceBytes);
    ContentHash hash = ContentHash.of(seed, ROUND);
    SampleTask all = new SampleTask(count, hash, SmallestHashes.ANY, engine);
    return slices == 1
        ? data.reduce("init: random", all, SmallestHashes::merge).contents()
        : inRanges(data, count, hash, engine, slices);
  }

  /** Many: their hashes first, which are short, then the contents by ranges of these. */
  private static List<RowContent> inRanges(
      VectorRows data, int count, ContentHash hash, EngineSettings engine, int slices) {
    long[] hashes =
        data.reduce(
            "init: hashes",
            new HashTask(count, hash, engine),
            (a, b) -> HashTask.merge(a, b, count));
    SampleTask chosen = new SampleTask(count, hash, hashes[hashes.length - 1], engine);
    List<RowContent> contents = new ArrayList<>(hashes.length);
    data.reduceSliced(
        "init: random",
        chosen,
        HashRanges.of(hashes, slices),
        (int index, SmallestHashes slice) -> contents.addAll(slice.contents()));
    // Contents that share a hash count as one above: there may be more here than asked for.
    return contents.subList(0, Math.min(count, contents.size()));
  }
}
