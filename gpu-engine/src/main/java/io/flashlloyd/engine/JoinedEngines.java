package io.flashlloyd.engine;

import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.engine.exact.RowStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Several engines as one: each takes its share of the chunks, the same ones in every pass, so that
 * what it keeps of them is of use again. Sums are integers, so it does not matter who took what.
 * Owns the engines.
 */
final class JoinedEngines implements LloydEngine {
  private final List<LloydEngine> engines;
  private final Map<Long, Home> homes = new ConcurrentHashMap<>();
  private final long[] rowsGiven;

  /** Which engine has a chunk, of so many rows. */
  private record Home(int engine, int rows) {}

  JoinedEngines(List<LloydEngine> engines) {
    this.engines = List.copyOf(engines);
    this.rowsGiven = new long[engines.size()];
  }

  @Override
  public String description() {
    return engines.size() + " x " + engines.get(0).description();
  }

  /** The engine of this chunk: at first the one with the fewest rows. */
  private int home(long chunkId, int rows) {
    return homes.computeIfAbsent(chunkId, id -> new Home(leastGiven(rows), rows)).engine();
  }

  private synchronized int leastGiven(int rows) {
    int least = 0;
    for (int i = 1; i < rowsGiven.length; i++) {
      if (rowsGiven[i] < rowsGiven[least]) {
        least = i;
      }
    }
    rowsGiven[least] += rows;
    return least;
  }

  @Override
  public Pass begin(PassPlan plan) {
    return new JoinedPass(plan);
  }

  @Override
  public CompletableFuture<RowStatistics> statistics(long chunkId, HostRows rows, long firstRow) {
    return engines.get(home(chunkId, rows.rows())).statistics(chunkId, rows, firstRow);
  }

  @Override
  public CompletableFuture<long[]> hashes(long chunkId, HostRows rows, ContentHash hash) {
    return engines.get(home(chunkId, rows.rows())).hashes(chunkId, rows, hash);
  }

  @Override
  public int passesAtOnce() {
    return engines.stream().mapToInt(LloydEngine::passesAtOnce).sum();
  }

  @Override
  public long residentBytes() {
    return engines.stream().mapToLong(LloydEngine::residentBytes).sum();
  }

  @Override
  public long keepsBytes() {
    return engines.stream().mapToLong(LloydEngine::keepsBytes).sum();
  }

  @Override
  public void forget(long chunkId) {
    Home home = homes.remove(chunkId);
    if (home != null) {
      engines.get(home.engine()).forget(chunkId);
      takeBack(home);
    }
  }

  /** So that what comes next is shared out by what the engines have, not by what they once had. */
  private synchronized void takeBack(Home home) {
    rowsGiven[home.engine()] -= home.rows();
  }

  @Override
  public Optional<HostMemory> allocatePinned(int bytes) {
    return engines.get(0).allocatePinned(bytes);
  }

  @Override
  public void close() {
    engines.forEach(LloydEngine::close);
  }

  /** A pass of each engine. */
  private final class JoinedPass implements Pass {
    private final List<Pass> passes = new ArrayList<>();

    JoinedPass(PassPlan plan) {
      try {
        engines.forEach(engine -> passes.add(engine.begin(plan)));
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    @Override
    public CompletableFuture<Void> feed(long chunkId, HostRows rows, RowOutputs outputs) {
      return passes.get(home(chunkId, rows.rows())).feed(chunkId, rows, outputs);
    }

    @Override
    public Optional<CompletableFuture<Void>> feedResident(long chunkId, RowOutputs outputs) {
      Home home = homes.get(chunkId);
      return home == null
          ? Optional.empty()
          : passes.get(home.engine()).feedResident(chunkId, outputs);
    }

    @Override
    public Set<Long> residentAmong(Collection<Long> chunkIds) {
      Map<Integer, List<Long>> byEngine = new HashMap<>();
      for (long chunkId : chunkIds) {
        Home home = homes.get(chunkId);
        if (home != null) {
          byEngine.computeIfAbsent(home.engine(), engine -> new ArrayList<>()).add(chunkId);
        }
      }
      Set<Long> resident = new HashSet<>();
      byEngine.forEach((engine, ids) -> resident.addAll(passes.get(engine).residentAmong(ids)));
      return resident;
    }

    @Override
    public PartialSums finish() {
      PartialSums total = passes.get(0).finish();
      for (Pass pass : passes.subList(1, passes.size())) {
        total.merge(pass.finish());
      }
      return total;
    }

    @Override
    public long unscreenedRows() {
      return passes.stream().mapToLong(Pass::unscreenedRows).sum();
    }

    @Override
    public StageSeconds stages() {
      return passes.stream().map(Pass::stages).reduce(StageSeconds.NONE, StageSeconds::plus);
    }

    @Override
    public void close() {
      passes.forEach(Pass::close);
    }
  }

  /** Rows of the chunks that each engine has. */
  synchronized long[] rowsGiven() {
    return Arrays.copyOf(rowsGiven, rowsGiven.length);
  }
}
