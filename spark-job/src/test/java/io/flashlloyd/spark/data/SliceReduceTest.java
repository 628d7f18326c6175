package io.flashlloyd.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.spark.LocalSpark;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/** Slices through Spark's own shuffle. */
@Timeout(120)
class SliceReduceTest {
  private static final String SPILL = "spark.shuffle.spill.numElementsForceSpillThreshold";

  /** Beyond spark.shuffle.sort.bypassMergeThreshold, so that Spark sorts. */
  private static final int MANY = 201;

  private final JavaSparkContext spark = LocalSpark.context();

  /** Of each slice two pieces from every task; a slice's sum tells which pieces came to it. */
  private record Cut(int count) implements Slicing<Integer, Integer, Integer> {
    @Override
    public Iterator<Integer> cut(Integer result, int index) {
      return List.of(result * index, 1).iterator();
    }

    @Override
    public Integer join(int index, Iterator<Integer> pieces) {
      int sum = 0;
      while (pieces.hasNext()) {
        sum += pieces.next();
      }
      return sum;
    }
  }

  @Test
  void shouldBringEveryPieceWhereTheSorterSpills() {
    SparkConf conf = SparkEnv.get().conf();
    conf.set(SPILL, "50");
    try {
      assertSlices(MANY);
    } finally {
      conf.remove(SPILL);
    }
  }

  @Test
  void shouldLeaveNoFilesOfAPass() throws InterruptedException {
    Set<String> before = shuffleFiles();
    assertSlices(8);
    assertNoMoreThan(before);
  }

  @Test
  void shouldLeaveNoFilesOfAPassThatFails() throws InterruptedException {
    Set<String> before = shuffleFiles();
    assertThatThrownBy(
            () ->
                run(
                    8,
                    (index, slice) -> {
                      assertThat(shuffleFiles()).hasSizeGreaterThan(before.size());
                      throw new IllegalStateException("no room for slice " + index);
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertNoMoreThan(before);
  }

  private void assertSlices(int count) {
    int[] sums = new int[count];
    run(count, (index, slice) -> sums[index] = slice);
    assertThat(sums).isEqualTo(IntStream.range(0, count).map(i -> 6 * i + 3).toArray());
  }

  private void run(int count, VectorRows.SliceTaker<Integer> taker) {
    Cut cut = new Cut(count);
    JavaRDD<Tuple2<Integer, byte[]>> pieces =
        spark
            .parallelize(List.of(1, 2, 3), 3)
            .mapPartitions(results -> SliceReduce.pieces(results.next(), cut));
    SliceReduce.run(pieces.rdd(), cut, taker);
  }

  /** Spark deletes them in the background. */
  private static void assertNoMoreThan(Set<String> before) throws InterruptedException {
    for (int i = 0; i < 50 && !before.containsAll(shuffleFiles()); i++) {
      Thread.sleep(100);
    }
    assertThat(before).containsAll(shuffleFiles());
  }

  private static Set<String> shuffleFiles() {
    return CollectionConverters.asJava(
            SparkEnv.get().blockManager().diskBlockManager().getAllFiles())
        .stream()
        .map(file -> file.getName())
        .filter(name -> name.startsWith("shuffle_"))
        .collect(Collectors.toSet());
  }
}
