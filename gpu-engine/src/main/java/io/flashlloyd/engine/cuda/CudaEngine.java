package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostMemory;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.OddStore;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lloyd's arithmetic on one GPU: the bits of the reference engine at the speed of the tensor cores.
 * The screen is FlashAssign and the sums Sort-Inverse Update of Flash-KMeans, made exact.
 *
 * <p>Ownership: the engine owns all device and pinned memory it allocates; close() frees it, and
 * pinned buffers from {@link #pin} must be closed before. Threading: any thread; device
 * work is queued under one lock, in the order of the calls.
 */
public final class CudaEngine implements LloydEngine {
  /**
   * Share of the free device memory that the tier takes by itself. Scratch memory, centroids and
   * totals are a few hundred MB; where they are more, chunks make room.
   */
  public static final double TIER_SHARE = 0.94;

  /** Rows of a whole chunk, more or less. */
  private static final int MANY = 1 << 20;

  /** Chunks on their way; two hide the bus behind the kernels, more hide the threads' hand-over. */
  private static final int IN_FLIGHT = 4;

  private static final int ROW_NORMS_BYTES = 24;

  /** So many small passes fill the device as well as one large one. */
  private static final int PASSES_AT_ONCE = 64;

  private final DeviceContext context;
  private final DeviceTier store;
  private final OddStore odd = new OddStore();
  private final DeviceWork work;
  private final RowLoader loader;
  private final AssignPipeline pipeline;
  private final RecentCentroids recent;
  private final FeedRoom room = new FeedRoom(IN_FLIGHT);
  private final Completions completions;
  private final Gathering gathering;
  private final RowSurvey survey;
  private final String description;
  private final Map<ElementType, ScreenFrame> frames = new EnumMap<>(ElementType.class);
  private final Map<ElementType, DeviceBuffer> rowNorms = new EnumMap<>(ElementType.class);
  private final AtomicLong passes = new AtomicLong();
  private final AtomicInteger openPasses = new AtomicInteger();

  /** Bytes that a row takes of the device tier on a Hopper card. */
  public static double tierRowBytes(ElementType type, int dimension) {
    ScreenForm form = ScreenForm.onHopper(type, dimension);
    return (double) DeviceChunk.tierBytes(MANY, dimension, type, form) / MANY;
  }

  private CudaEngine(CudaOptions options) {
    this.context = DeviceContext.open(options.device());
    long tier = options.tierBytes();
    this.store = new DeviceTier(tier < 0 ? (long) (context.freeMemory() * TIER_SHARE) : tier);
    this.work = new DeviceWork(context, new DeviceMemory(context, this::makeRoom));
    this.loader = new RowLoader(work, store);
    this.pipeline = new AssignPipeline(work, options.screen(), options.bounds());
    this.recent = new RecentCentroids(work);
    this.completions = new Completions(context);
    this.description =
        String.format(
            Locale.ROOT,
            "gpu: %s, compute capability %d.%d, %.1f GiB free",
            context.name(),
            context.capability() / 10,
            context.capability() % 10,
            context.freeMemory() / (double) (1 << 30));
    this.gathering = new Gathering(this);
    this.survey = new RowSurvey(this, loader);
  }

  /** Opens an engine; throws with {@link #unavailable}'s reason where the device is of no use. */
  public static CudaEngine open(CudaOptions options) {
    return new CudaEngine(options);
  }

  /** Why a CUDA device cannot be used, in one line; empty if it can. */
  public static Optional<String> unavailable(int device) {
    return Optional.ofNullable(DeviceContext.unavailable(device));
  }

  /** How many devices the driver shows this process. */
  public static int deviceCount() {
    return DeviceContext.count();
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public int passesAtOnce() {
    return PASSES_AT_ONCE;
  }

  /** Free device memory in bytes. */
  public synchronized long freeMemory() {
    context.makeCurrent();
    return context.freeMemory();
  }

  @Override
  public synchronized long residentBytes() {
    return store.residentBytes();
  }

  @Override
  public long keepsBytes() {
    return store.budget();
  }

  /** Host memory that rows are copied from without staging; the caller closes it. */
  public synchronized PinnedBuffer pin(int bytes) {
    context.makeCurrent();
    return new PinnedBuffer(bytes);
  }

  @Override
  public Optional<HostMemory> allocatePinned(int bytes) {
    try {
      return Optional.of(pin(bytes));
    } catch (CudaException e) {
      if (e.resultName().equals("CUDA_ERROR_OUT_OF_MEMORY")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public CompletableFuture<RowStatistics> statistics(long chunkId, HostRows rows, long firstRow) {
    return RowSurvey.takes(rows) && rows.weights() == null
        ? survey.statistics(chunkId, rows, firstRow)
        : LloydEngine.super.statistics(chunkId, rows, firstRow);
  }

  @Override
  public CompletableFuture<long[]> hashes(long chunkId, HostRows rows, ContentHash hash) {
    return RowSurvey.takes(rows)
        ? survey.hashes(chunkId, rows, hash)
        : LloydEngine.super.hashes(chunkId, rows, hash);
  }

  @Override
  public Pass begin(PassPlan plan) {
    openPasses.incrementAndGet();
    return odd.watch(new CudaPass(this, plan, passes.incrementAndGet()), plan);
  }

  RecentCentroids recent() {
    return recent;
  }

  RowSurvey survey() {
    return survey;
  }

  /** Of the last pass that began. */
  long passNumber() {
    return passes.get();
  }

  void passEnded() {
    openPasses.decrementAndGet();
  }

  /** Whether a chunk of such a pass is to run together with those of other passes. */
  boolean gathers(PassPlan plan, HostRows rows) {
    return openPasses.get() > 1
        && plan.sums() != Sums.ASSIGNMENTS
        && pipeline.screen().screens()
        && Gathering.small(rows.rows(), plan.centroids().values().length);
  }

  Gathering gathering() {
    return gathering;
  }

  @Override
  public synchronized void forget(long chunkId) {
    context.makeCurrent();
    work.stream().synchronize();
    store.forget(chunkId);
    odd.forget(chunkId);
  }

  private boolean makeRoom() {
    work.stream().synchronize();
    return store.makeRoom();
  }

  DeviceWork work() {
    return work;
  }

  DeviceTier store() {
    return store;
  }

  AssignPipeline pipeline() {
    return pipeline;
  }

  FeedRoom room() {
    return room;
  }

  Completions completions() {
    return completions;
  }

  /** The frame for rows of this type: the last one as long as the data fits it. */
  ScreenFrame frame(ElementType type, Centroids centroids, SumScale scale) {
    ScreenFrame frame = frames.get(type);
    if (frame == null || !frame.fits(scale)) {
      frame = ScreenFrame.of(type, centroids, scale);
      frames.put(type, frame);
      rowNorms(type).zero(work.stream());
    }
    return frame;
  }

  /** What is known of the rows in the frame of this type: struct RowNorms of layout.cuh. */
  DeviceBuffer rowNorms(ElementType type) {
    return rowNorms.computeIfAbsent(type, t -> work.memory().allocate(ROW_NORMS_BYTES));
  }

  /** What the engine has of a chunk, in use with others. The lock is held, as in what follows. */
  DeviceChunk chunk(long chunkId, HostRows rows) {
    return store.findAnother(
        chunkId, rows, pipeline.screen().form(rows.type(), rows.dimension()), work.memory());
  }

  /** The same, in use by itself. */
  DeviceChunk find(long chunkId, HostRows rows) {
    return store.find(
        chunkId, rows, pipeline.screen().form(rows.type(), rows.dimension()), work.memory());
  }

  /** Whether rows stay on the device, and previous assignments, if asked for, are there. */
  boolean canGather(BatchMember member) {
    return (member.plan().previous() == null || member.pass.isPrevious(member.chunk.assignedTo))
        && store.admit(member.chunk, member.pass.number(), work.memory());
  }

  /** Finds the frame of a member: its own, since data of another may lie elsewhere. */
  void frame(BatchMember member) {
    DeviceChunk chunk = member.chunk;
    PassPlan plan = member.plan();
    if (chunk.ownNorms == null) {
      chunk.ownNorms = work.memory().allocate(ROW_NORMS_BYTES);
    }
    ScreenFrame frame = chunk.ownFrame;
    if (frame == null || !frame.fits(plan.scale())) {
      frame = ScreenFrame.of(chunk.type, plan.centroids(), plan.scale());
      chunk.ownFrame = frame;
      chunk.ownNorms.zero(work.stream());
    }
    member.frame = frame;
  }

  /**
   * Queues what it takes until a member's rows are there.
   *
   * @param shift of its frame, on the device
   */
  void load(BatchMember member, long shift, StageTimes times) {
    RowSlice slice =
        loader.load(member.chunk, member.rows, member.frame, shift, member.pass.number(), times);
    loader.release();
    member.chunk.forgetAssignments();
    if (member.outputs != null) {
      member.distances = work.memory().allocate(8L * member.rows.rows());
      slice = slice.withDistances(member.distances.address());
    }
    member.slice = slice;
  }

  /** Queues a chunk of a pass. The lock is held, as in what follows. */
  Completions.Pending queue(CudaPass pass, long chunkId, HostRows rows, RowOutputs outputs) {
    // Before the chunk, which may take the memory that is left for good.
    pass.totals();
    pass.centroids(rows.type());
    return queue(pass, find(chunkId, rows), rows, outputs);
  }

  /**
   * Queues a chunk that was found.
   *
   * @param rows null where they are on the device
   */
  Completions.Pending queue(CudaPass pass, DeviceChunk chunk, HostRows rows, RowOutputs outputs) {
    StageTimes times = new StageTimes();
    try {
      return queue(pass, chunk, rows, outputs, times);
    } catch (RuntimeException | Error e) {
      times.close();
      // Of a chunk that was not queued as a whole nothing is kept: whoever feeds it again begins
      // anew.
      forget(chunk.id);
      throw e;
    }
  }

  private Completions.Pending queue(
      CudaPass pass, DeviceChunk chunk, HostRows rows, RowOutputs outputs, StageTimes times) {
    PassPlan plan = pass.plan();
    DeviceTotals totals = pass.totals(); // whose preparation takes some time, on another thread
    DeviceCentroids centroids = pass.centroids(chunk.type);
    if (plan.sums().ofCoordinates() && pipeline.bounds().keeps() && chunk.bounds == null) {
      chunk.bounds = work.memory().allocate(4L * chunk.count);
    }
    RowSlice slice =
        loader.load(chunk, rows, centroids.frame(), centroids.shift(), pass.number(), times);
    boolean countMoved = plan.previous() != null;
    boolean previousThere = countMoved && pass.isPrevious(chunk.assignedTo);
    Centroids before = previousThere ? chunk.assignedTo : plan.previous();
    DeviceMoves moves = null;
    if (previousThere && chunk.bounded) {
      times.start(work.stream());
      moves = pass.moves(slice, before);
      times.stage(StageSeconds.BOUNDS, work.stream());
    }
    chunk.forgetAssignments(); // from here on they are overwritten
    if (countMoved && !previousThere) {
      DeviceCentroids previous = pass.previousCentroids(chunk.type);
      pipeline.run(slice, previous, null, pass.previousTotals(), false, times);
    }
    DeviceBuffer distances = null;
    DeviceBuffer assignments = null;
    try {
      if (outputs != null) {
        assignments = work.memory().allocate(4L * chunk.count);
        if (outputs.distances() != null) {
          distances = work.memory().allocate(8L * chunk.count);
          slice = slice.withDistances(distances.address());
        }
      }
      pipeline.run(slice, centroids, moves, totals, countMoved, times);
      chunk.assignedTo = plan.centroids();
      chunk.bounded = chunk.bounds != null;
      if (outputs != null) {
        // Another pass over this chunk may come before these are read.
        chunk.assignments.copyTo(assignments, work.stream());
      }
    } catch (RuntimeException | Error e) {
      work.stream().synchronize();
      for (DeviceBuffer buffer : new DeviceBuffer[] {distances, assignments}) {
        if (buffer != null) {
          buffer.close();
        }
      }
      throw e;
    }
    loader.release();
    return completions.pending(
        work.stream(), chunk.count, outputs, assignments, distances, () -> pass.addStages(times));
  }

  @Override
  public void close() {
    gathering.close();
    completions.close();
    synchronized (this) {
      context.makeCurrent();
      work.stream().synchronize();
      pipeline.close();
      recent.close();
      loader.close();
      store.close();
      rowNorms.values().forEach(DeviceBuffer::close);
      work.close();
      context.close();
    }
  }
}
