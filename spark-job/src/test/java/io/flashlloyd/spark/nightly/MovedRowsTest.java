package io.flashlloyd.spark.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.lists.AssignmentReader;
import io.flashlloyd.spark.report.RowMoves;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts of random rows on any number of partitions, beside those of two maps. */
class MovedRowsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 17})
  void shouldCountAsMapsDo(int partitions) {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      boolean texts = random.nextBoolean();
      Map<Integer, Integer> old = clusters(random);
      Map<Integer, Integer> now = clusters(random);
      MovesTable.Counts all = null;
      List<List<byte[]>> pieces = new ArrayList<>();
      IntStream.range(0, partitions).forEach(p -> pieces.add(new ArrayList<>()));
      for (int side = 0; side < 2; side++) {
        AssignedIds.cut(rows(side == 0 ? old : now, texts), side, partitions)
            .forEachRemaining(piece -> pieces.get(piece._1()).add(piece._2()));
      }
      IdType type = texts ? IdType.STRING : IdType.INT64;
      for (List<byte[]> some : pieces) {
        Collections.shuffle(some, random);
        MovesTable.Counts counts =
            new MovedRows(AssignedIds.joined(some, 0, type), AssignedIds.joined(some, 1, type))
                .counts();
        all = all == null ? counts : MovesTable.Counts.plus(all, counts);
      }
      assertThat(all)
          .as("seed %d", seed)
          .isEqualTo(new MovesTable.Counts(moves(old, now), moves(old, now).moved(), null));
    }
  }

  private static RowMoves moves(Map<Integer, Integer> old, Map<Integer, Integer> now) {
    long kept = now.keySet().stream().filter(id -> now.get(id).equals(old.get(id))).count();
    long added = now.keySet().stream().filter(id -> !old.containsKey(id)).count();
    long gone = old.keySet().stream().filter(id -> !now.containsKey(id)).count();
    return new RowMoves(kept, now.size() - kept - added, added, gone);
  }

  /** Clusters by id; some ids are below 0. */
  private static Map<Integer, Integer> clusters(Random random) {
    Map<Integer, Integer> clusters = new TreeMap<>();
    for (int i = random.nextInt(300); i > 0; i--) {
      clusters.put(random.nextInt(400) - 200, random.nextInt(3));
    }
    return clusters;
  }

  private static AssignmentReader.Rows rows(Map<Integer, Integer> clusters, boolean texts) {
    List<Integer> ids = List.copyOf(clusters.keySet());
    Ids named =
        texts
            ? Ids.ofTexts(ids.stream().map(id -> "zoë" + id).toArray(String[]::new))
            : Ids.ofNumbers(IdType.INT64, ids.stream().mapToLong(id -> id).toArray());
    int[] assigned = ids.stream().mapToInt(clusters::get).toArray();
    return new AssignmentReader.Rows(named, assigned, new float[assigned.length]);
  }
}
