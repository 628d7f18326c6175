package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.cuda.CudaSignatures.Value;
import io.flashlloyd.engine.cuda.LauncherSources.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What launchers pass is what kernels take: as many values, in the order, of the types and by the
 * names of the CUDA sources. Nothing else sees two addresses that changed places.
 */
class KernelArgumentsTest {
  /** Where Java and CUDA call the same value by other names: Java's, then CUDA's. */
  private static final Set<String> SYNONYMS =
      """
      ((float)(moves.share(level) + confirming)) = BoundedRows.middle_shares
      (KernelShapes.rowBytes(chunk.dimension, chunk.type) / 4) = row_words
      (KernelShapes.rowBytes(kind.dimension(), kind.type()) / 4) = ChunkRows.row_words
      (at(counters) + 16) = MovedRows.count, Moves.count
      (at(counters) + 4) = Candidates.pair_count
      (at(entryMarks) + 4L * rows) = Candidates.flagged
      (at(pairs) + 8L * rows * i) = Halves.bests, Screened.nearest, Screened.runner_ups
      (at(pairs) + 8L * rows * i) = Screened.seconds, Screened.thirds
      (frame.shift()[0]) = middle
      (rows.screenStride() / 2) = stride
      (scale * scale) = ScreenFrame.scale_squared
      (tiles[level] * KernelShapes.TILE_CENTROIDS) = FastCounts.of
      assignments = previous
      bounds = NewBounds.centroids
      chosen = FastScreen.fastest, fastest
      clusters = CentroidSet.k
      collectEntries = Collected.entries
      collectThresholds = Collected.thresholds
      count = ChunkRows.n, RowList.n, ScreenRows.n, WideRows.most, n
      decided = ItemList.group_count
      digits = Totals.cost_digits, cost_digits
      entryMarks = Candidates.entry_counts
      gathered = images
      halfNorms = PreparedCentroids.half_norm, half_norm
      high = DecideShape.split_high
      image = row_images
      itemOctets = DecideShape.item_groups, ItemList.groups
      itemStarts = ItemList.starts
      join = Totals.cost_exponent
      listedRows = listed
      low = DecideShape.split_low
      middleCount = BoundedRows.middle_counts
      middleDistances = BoundedRows.distances
      movedFrom = MovedRows.before, Moves.before
      movedRows = MovedRows.rows, Moves.rows
      octetCounts = counts, cursors
      octets = DecideShape.group_count, group_count
      order = Screened.bests
      padded = padded_bytes
      paddedRows = padded_n
      places = ChunkRows.n
      ranked = BoundedRows.moves
      raw = centroids, now, rows
      rowKind = ScreenRows.kind, kind
      rowNorms = rows
      rows = n, padded
      screen = ScreenRows.rows, copies, rows
      screenStride = ScreenRows.stride, stride
      starts = half_norms
      structs = Problems.all
      target = images
      tight = row_bytes
      to = gathered
      undecidedCount = Undecided.count, row_count
      undecidedRows = Undecided.rows, rows
      """
          .lines()
          .map(line -> line.split(" = "))
          .flatMap(line -> Arrays.stream(line[1].split(", ")).map(name -> line[0] + " = " + name))
          .collect(Collectors.toSet());

  private static Map<String, List<Value>> kernels;
  private static List<Launch> launches;

  @BeforeAll
  static void readSources() throws IOException {
    kernels = CudaSignatures.of(Path.of("src/main/cuda")).kernels();
    launches = LauncherSources.launches(Path.of("src/main/java/io/flashlloyd/engine/cuda"));
  }

  @Test
  void shouldPassWhatEachKernelTakes() {
    Set<String> faults = new TreeSet<>();
    for (Launch launch : launches) {
      for (String kernel : symbols(launch.kernel())) {
        String fault = fault(launch.values(), kernels.get(kernel));
        if (!fault.isEmpty()) {
          faults.add(launch.place() + " " + kernel + ": " + fault);
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void shouldSeeEveryKernelLaunched() {
    Set<String> seen = new TreeSet<>();
    launches.forEach(launch -> seen.addAll(symbols(launch.kernel())));
    Set<String> all = new TreeSet<>();
    Arrays.stream(KernelCatalog.values()).map(KernelCatalog::symbol).forEach(all::add);

    assertThat(kernels.keySet()).isEqualTo(all);
    assertThat(seen).isEqualTo(all);
  }

  /** Neighbours of one type that change places are seen, unless one may be null. */
  @Test
  void shouldSeeASwappedPair() {
    int swaps = 0;
    for (Launch launch : launches) {
      for (int i = 0; i + 1 < launch.values().size(); i++) {
        Value first = launch.values().get(i);
        Value second = launch.values().get(i + 1);
        if (!first.kind().equals(second.kind())
            || first.name().equals(second.name())
            || first.name().isEmpty()
            || second.name().isEmpty()) {
          continue;
        }
        List<Value> swapped = new ArrayList<>(launch.values());
        swapped.set(i, new Value(first.begins(), second.kind(), second.name()));
        swapped.set(i + 1, new Value(second.begins(), first.kind(), first.name()));
        for (String kernel : symbols(launch.kernel())) {
          assertThat(fault(swapped, kernels.get(kernel)))
              .as("%s %s: %s and %s", launch.place(), kernel, first.name(), second.name())
              .isNotEmpty();
          swaps++;
        }
      }
    }
    assertThat(swaps).isGreaterThan(1000);
  }

  /** Of the constant's name, in which {@code *} may be anything. */
  private static List<String> symbols(String constant) {
    String pattern =
        constant.endsWith("_*")
            ? constant.replace("_*", "_(float32|float16|uint8|int8|\\d+)")
            : constant;
    return Arrays.stream(KernelCatalog.values())
        .map(KernelCatalog::symbol)
        .filter(symbol -> symbol.matches(pattern.toLowerCase(Locale.ROOT)))
        .toList();
  }

  /** The first difference; empty if there is none. */
  private static String fault(List<Value> passed, List<Value> taken) {
    for (int i = 0; i < Math.min(passed.size(), taken.size()); i++) {
      Value ours = passed.get(i);
      Value theirs = taken.get(i);
      boolean same =
          ours.begins() == theirs.begins()
              && ours.kind().equals(theirs.kind())
              && (ours.name().isEmpty() || alike(ours.name(), theirs.name()));
      if (!same) {
        return "value %d is %s (expected %s)".formatted(i, ours, theirs);
      }
    }
    return passed.size() == taken.size()
        ? ""
        : "%d values (expected %d)".formatted(passed.size(), taken.size());
  }

  private static boolean alike(String ours, String theirs) {
    String bare = theirs.substring(theirs.indexOf('.') + 1).replace("_", "");
    return ours.equalsIgnoreCase(bare) || SYNONYMS.contains(ours + " = " + theirs);
  }
}
