package io.flashlloyd.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.spark.Vectors;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.store.ChunkStore.SplitKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store beside an engine that keeps rows itself, as one with a GPU does. */
class ResidentChunksTest {
  private static final int ROWS = 1000;
  private static final long BYTES = ROWS * 8 * 4L;

  @TempDir private Path folder;

  private FileSource source;
  private int opened;
  private int stores;

  @BeforeEach
  void writeRows() {
    source = Vectors.random(ROWS, 8, 7).file(folder, 16);
  }

  /** Keeps the first column of the chunks it is given, as many as it has room for. */
  private static class Keeping implements ChunkVisitor {
    final Map<Long, List<Float>> kept = new HashMap<>();
    final List<Float> seen = new ArrayList<>();
    int most;
    int broughtMemory;

    @Override
    public CompletableFuture<Void> visit(StoredChunk chunk) {
      broughtMemory++;
      List<Float> column =
          IntStream.range(0, chunk.rows().rows())
              .mapToObj(row -> chunk.rows().get(row, 0))
              .toList();
      seen.addAll(column);
      if (kept.size() < most) {
        kept.put(chunk.id(), column);
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Optional<CompletableFuture<Void>> visitResident(long chunkId, int rows) {
      List<Float> column = kept.get(chunkId);
      if (column == null) {
        return Optional.empty();
      }
      assertThat(column).hasSize(rows);
      seen.addAll(column);
      return Optional.of(CompletableFuture.completedFuture(null));
    }

    @Override
    public Set<Long> residentAmong(Collection<Long> chunkIds) {
      Set<Long> resident = new HashSet<>(chunkIds);
      resident.retainAll(kept.keySet());
      return resident;
    }
  }

  @Test
  void shouldNeitherReadNorDecodeWhatTheEngineHasKept() throws IOException {
    for (long diskBytes : List.of(0L, BYTES)) {
      ChunkStore store = store(0, diskBytes);
      Keeping engine = new Keeping();
      engine.most = source.splits();
      List<Float> first = scan(store, engine);
      engine.broughtMemory = 0;
      opened = 0;

      assertThat(scan(store, engine)).hasSize(ROWS).isEqualTo(first);
      assertThat(engine.broughtMemory).as("chunks brought, disk %d", diskBytes).isZero();
      assertThat(opened).as("splits read, disk %d", diskBytes).isZero();
      dropAndCheck(store);
    }
  }

  @Test
  void shouldGiveTheRoomOfWhatTheEngineHasKeptToTheRest() throws IOException {
    ChunkStore store = store(BYTES / 2, 0);
    Keeping engine = new Keeping();
    engine.most = source.splits() / 2 + 1;
    List<Float> first = scan(store, engine);
    assertThat(scan(store, engine)).as("the rest is read once more").isEqualTo(first);
    assertThat(store.usage().memoryBytes()).isBetween(BYTES * 2 / 5, BYTES / 2);
    opened = 0;

    assertThat(scan(store, engine)).isEqualTo(first);
    assertThat(opened).as("splits read").isZero();
    dropAndCheck(store);
  }

  /** Nobody waits for an engine that takes its time, and a data set may go meanwhile. */
  @Test
  void shouldAskTheEngineOnceAndHoldNobodyUp() throws IOException {
    ChunkStore store = store(BYTES / 2, 0);
    List<Integer> asked = new ArrayList<>();
    Keeping engine =
        new Keeping() {
          @Override
          public Set<Long> residentAmong(Collection<Long> chunkIds) {
            asked.add(chunkIds.size());
            CompletableFuture.runAsync(() -> store.drop("data"))
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
            return super.residentAmong(chunkIds);
          }
        };
    engine.most = source.splits();
    scan(store, engine);
    asked.clear();

    store.makeRoom(keys(), engine);

    assertThat(asked).containsExactly(source.splits());
    assertThat(store.usage().memoryBytes()).isZero();
    assertThat(scan(store, engine)).as("read again").hasSize(ROWS);
    dropAndCheck(store);
  }

  /** Its chunks were not among those that the engine was asked for. */
  @Test
  void shouldKeepWhatWasReadWhileTheEngineWasAsked() throws IOException {
    ChunkStore store = store(BYTES, 0);
    Keeping other = new Keeping();
    Keeping engine =
        new Keeping() {
          @Override
          public Set<Long> residentAmong(Collection<Long> chunkIds) {
            if (chunkIds.isEmpty()) {
              visitUnchecked(store, other);
            }
            return super.residentAmong(chunkIds);
          }
        };

    store.makeRoom(keys(), engine);

    assertThat(other.seen).hasSize(ROWS);
    assertThat(store.usage().memoryBytes()).isEqualTo(BYTES);
    dropAndCheck(store);
  }

  private void visitUnchecked(ChunkStore store, ChunkVisitor visitor) {
    try {
      visit(store, visitor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldMoveTheRestFromDiskToMemory() throws IOException {
    long half = (source.splits() / 2 + 1) * BYTES * 16 / ROWS;
    ChunkStore store = store(half, BYTES);
    Keeping engine = new Keeping();
    engine.most = source.splits() / 2 + 1;
    List<Float> first = scan(store, engine);
    assertThat(store.usage().memoryBytes()).isEqualTo(half);
    assertThat(store.usage().diskBytes()).isGreaterThan(BYTES / 3);
    opened = 0;

    assertThat(scan(store, engine)).isEqualTo(first);
    assertThat(store.usage().diskBytes()).isZero();
    assertThat(folder.resolve("local-0/flashlloyd-chunks").toFile().list()).containsExactly("lock");
    assertThat(store.usage().memoryBytes()).isBetween(BYTES * 2 / 5, half);
    assertThat(scan(store, engine)).isEqualTo(first);
    assertThat(opened).as("splits read again").isZero();
    dropAndCheck(store);
  }

  @Test
  void shouldReadAgainWhatTheEngineLost() throws IOException {
    ChunkStore store = store(BYTES / 2, 0);
    Keeping engine = new Keeping();
    engine.most = source.splits() / 2 + 1;
    List<Float> first = scan(store, engine);
    scan(store, engine);
    int lost = engine.kept.size();
    engine.kept.clear();
    engine.most = 0;
    opened = 0;

    assertThat(scan(store, engine)).isEqualTo(first);
    assertThat(opened).as("splits read").isEqualTo(lost);
    dropAndCheck(store);
  }

  /** Such as statistics, hashes of rows, or an engine without memory of its own. */
  @Test
  void shouldKeepItsCopiesForVisitorsThatNeedThem() throws IOException {
    ChunkStore store = store(BYTES / 2, BYTES);
    List<Float> seen = new ArrayList<>();
    ChunkVisitor plain =
        chunk -> {
          seen.add(chunk.rows().get(0, 0));
          return CompletableFuture.completedFuture(null);
        };
    visit(store, plain);
    StoreUsage before = store.usage();
    opened = 0;
    visit(store, plain);

    assertThat(store.usage()).isEqualTo(before);
    assertThat(opened).isZero();
    assertThat(seen.subList(0, source.splits()))
        .isEqualTo(seen.subList(source.splits(), seen.size()));
    dropAndCheck(store);
  }

  @Test
  void shouldFreeWhatItHasReadAheadWhereTheEngineFails() throws IOException {
    ChunkStore store = store(BYTES / 4, BYTES);
    Keeping engine = new Keeping();
    engine.most = source.splits() / 4;
    scan(store, engine);
    Keeping failing =
        new Keeping() {
          // Brings no chunk beyond those that are kept.
          @Override
          public CompletableFuture<Void> visit(StoredChunk chunk) {
            throw new IllegalStateException("the card is gone");
          }
        };
    failing.kept.putAll(engine.kept);

    assertThatThrownBy(() -> scan(store, failing)).hasMessageContaining("the card is gone");
    dropAndCheck(store);
  }

  private ChunkStore store(long memoryBytes, long diskBytes) throws IOException {
    return new ChunkStore(
        new StoreBudget(0, memoryBytes, diskBytes),
        new SpillFolder(List.of(Files.createDirectories(folder.resolve("local-" + stores++)))),
        new ChunkMemory(0, bytes -> Optional.empty(), () -> 0),
        id -> {});
  }

  private List<Float> scan(ChunkStore store, Keeping engine) throws IOException {
    engine.seen.clear();
    visit(store, engine);
    return List.copyOf(engine.seen);
  }

  private void visit(ChunkStore store, ChunkVisitor visitor) throws IOException {
    store.makeRoom(keys(), visitor);
    store.scan(
        keys(),
        (key, allocator) -> {
          opened++;
          return source.open(key.split(), null, allocator);
        },
        visitor);
  }

  private List<SplitKey> keys() {
    return IntStream.range(0, source.splits())
        .mapToObj(split -> new SplitKey("data", split))
        .toList();
  }

  private static void dropAndCheck(ChunkStore store) {
    store.drop("data");
    assertThat(store.usage().memoryBytes()).isZero();
    assertThat(store.usage().diskBytes()).isZero();
    assertThat(store.allocatedBytes()).isZero();
  }
}
