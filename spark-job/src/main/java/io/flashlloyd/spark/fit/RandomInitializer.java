package io.flashlloyd.spark.fit;

import io.flashlloyd.spark.data.RowContent;
import io.flashlloyd.spark.data.VectorRows;
import java.util.ArrayList;
import java.util.List;

/** k distinct rows, those of smallest hash. */
public record RandomInitializer(int k, long seed) implements Initializer {
  /** The round that this rule hashes with; k-means|| uses others. */
  static final int ROUND = 0;

  @Override
  public Initialization centroids(VectorRows data) {
    List<RowContent> chosen = smallest(data, k, seed);
    return chosen.size() < k
        ? Candidates.exhausted(chosen)
        : new Initialization(Candidates.inOrder(chosen), false);
  }

  /** The {@code count} distinct contents of smallest hash, in order of hash; fewer: all. */
  static List<RowContent> smallest(VectorRows data, int count, long seed) {
    return smallest(data, count, seed, ContentSlices.SLICE_BYTES);
  }

  static List<RowContent> smallest(VectorRows data, int count, long seed, long sliceBytes) {
    long most = Math.min(count, data.rows());
    int slices = ContentSlices.count(most, data.dimension(), sliceBytes);
    SampleTask all = new SampleTask(count, seed, ROUND, SmallestHashes.ANY);
    return slices == 1
        ? data.reduce("init: random", all, SmallestHashes::merge).contents()
        : inRanges(data, count, seed, slices);
  }

  /** Many: their hashes first, which are short, then the contents by ranges of these. */
  private static List<RowContent> inRanges(VectorRows data, int count, long seed, int slices) {
    long[] hashes =
        data.reduce(
            "init: hashes",
            new HashTask(count, seed, ROUND),
            (a, b) -> HashTask.merge(a, b, count));
    SampleTask chosen = new SampleTask(count, seed, ROUND, hashes[hashes.length - 1]);
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
