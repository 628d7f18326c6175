package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.exact.SumScale;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The members of a batch, all of one kind, on the device: what each brings, tables of which place
 * and which cluster is whose, centroids as the kernels want them, totals. All in one leased buffer;
 * members' values go there in one copy, their totals come in one.
 */
final class BatchTables implements AutoCloseable {
  /** As in problems.cuh. */
  static final int PLACES_PER_TILE = 384;

  /** Bytes of a struct Problem of problems.cuh. */
  private static final int STRUCT_BYTES = 152;

  private final List<BatchMember> members;
  private final BatchMember.Kind kind;
  private final DeviceMemory memory;
  private final DeviceBuffer arena;
  private final Segments values = new Segments();
  private final long[] shifts;
  private final long[] centroids;
  private final long[] scales;
  private final long[] results;
  private final int[] firstRows;
  private final int[] firstTiles;
  private final int places;
  private final int tiles;
  private final boolean anySums;
  private final long structs;
  private final long rowTiles;
  private final long centroidTiles;
  private final long padded;
  private final long halfNorms;
  private final long bounds;
  private final long images;
  private final long low;
  private final long high;
  private final long counts;
  private final long digits;
  private final long moved;
  private final long zerosEnd;
  private final long resultsBegin;

  /** Queues the copy of what is known before the rows are there. */
  BatchTables(List<BatchMember> members, DeviceWork work) {
    this.members = members;
    this.kind = members.get(0).kind;
    this.memory = work.memory();
    int count = members.size();
    this.shifts = new long[count];
    this.centroids = new long[count];
    this.scales = new long[count];
    this.results = new long[count];
    this.firstRows = new int[count];
    this.firstTiles = new int[count];
    int place = 0;
    int tile = 0;
    boolean sums = false;
    ArenaLayout layout = new ArenaLayout();
    for (int i = 0; i < count; i++) {
      BatchMember member = members.get(i);
      firstRows[i] = place;
      firstTiles[i] = tile;
      place += member.places();
      tile += member.tiles();
      sums |= member.plan().sums().ofCoordinates();
      float[] own = member.plan().centroids().values();
      centroids[i] = layout.take(4L * own.length);
      values.write(centroids[i], own);
      float[] shift = member.frame.shift();
      shifts[i] = layout.take(4L * shift.length);
      values.write(shifts[i], shift);
      double[] factors = factors(member.plan().scale());
      scales[i] = layout.take(8L * factors.length);
      values.write(scales[i], factors);
    }
    this.places = place;
    this.tiles = tile;
    this.anySums = sums;
    this.rowTiles = layout.take(4L * place / PLACES_PER_TILE);
    values.write(rowTiles, owners(firstRows, place, PLACES_PER_TILE));
    this.centroidTiles = layout.take(4L * tile);
    values.write(centroidTiles, owners(firstTiles, tile, 1));
    long valuesEnd = layout.bytes();
    this.structs = layout.take((long) STRUCT_BYTES * count);
    long clusters = (long) tile * KernelShapes.TILE_CENTROIDS;
    this.padded = layout.take(clusters * KernelShapes.paddedDimension(kind.dimension()) * 4);
    this.halfNorms = layout.take(clusters * 4);
    this.bounds = layout.take((long) DeviceCentroids.BOUNDS_BYTES * count);
    this.images =
        layout.take((long) tile * KernelShapes.slices(kind.dimension()) * KernelShapes.SLICE_BYTES);
    long sumBytes = sums ? clusters * kind.dimension() * 8 : 0;
    this.low = layout.take(sumBytes);
    this.high = layout.take(kind.wide() ? sumBytes : 0);
    this.counts = layout.take(clusters * 8);
    this.digits = layout.take(clusters * KernelShapes.COST_DIGITS * 8);
    this.moved = layout.take(8L * count);
    this.zerosEnd = layout.bytes();
    this.resultsBegin = zerosEnd;
    for (int i = 0; i < count; i++) {
      results[i] = layout.take(8 * members.get(i).resultLongs());
    }
    this.arena = memory.lease(sizeClass(layout.bytes()));
    work.staging().copyIn(values::copy, arena, 0, valuesEnd, work.stream());
    arena.fill(bounds, zerosEnd - bounds, 0, work.stream());
  }

  /** A leased buffer is taken again by whoever wants just as much: a quarter more at most. */
  private static long sizeClass(long bytes) {
    long step = Math.max(1, Long.highestOneBit(bytes) / 4);
    return (bytes + step - 1) / step * step;
  }

  private static double[] factors(SumScale scale) {
    double[] factors = new double[scale.dimension()];
    for (int t = 0; t < factors.length; t++) {
      factors[t] = Math.scalb(1.0, scale.exponent(t));
    }
    return factors;
  }

  /** Which member each piece of {@code step} of all {@code end} is of. */
  private static ByteBuffer owners(int[] firsts, int end, int step) {
    ByteBuffer owners = ByteBuffer.allocate(4 * (end / step)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < firsts.length; i++) {
      for (int at = firsts[i]; at < (i + 1 < firsts.length ? firsts[i + 1] : end); at += step) {
        owners.putInt(i);
      }
    }
    return owners;
  }

  private long at(long offset) {
    return arena.address() + offset;
  }

  int places() {
    return places;
  }

  int tiles() {
    return tiles;
  }

  /** Where the rows that moved are counted, [members]. */
  long moved() {
    return at(moved);
  }

  /** Octets of 8 centroids; one more is for places without a row. */
  int octets() {
    return tiles * KernelShapes.OCTETS_PER_TILE;
  }

  int clusters() {
    return tiles * KernelShapes.TILE_CENTROIDS;
  }

  BatchMember.Kind kind() {
    return kind;
  }

  /** Whether a member asks for such sums. */
  boolean has(Sums sums) {
    return members.stream().anyMatch(member -> member.plan().sums() == sums);
  }

  long shift(int member) {
    return at(shifts[member]);
  }

  long padded() {
    return at(padded);
  }

  long halfNorms() {
    return at(halfNorms);
  }

  long images() {
    return at(images);
  }

  /** Queues the copy of all structs; every member's rows are there or on their way. */
  void describe(DeviceWork work) {
    ByteBuffer all =
        ByteBuffer.allocate(STRUCT_BYTES * members.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < members.size(); i++) {
      describe(i, all);
    }
    Segments one = new Segments();
    one.write(0, all);
    work.staging().copyIn(one::copy, arena, structs, all.capacity(), work.stream());
  }

  private void describe(int index, ByteBuffer to) {
    BatchMember member = members.get(index);
    RowSlice rows = member.slice;
    long first = firstRows[index];
    HalfSplit split = HalfSplit.of(kind.type(), member.plan().scale()).orElse(HalfSplit.NONE);
    double scale = member.frame.scale();
    to.putLong(rows.screen() - first * rows.screenStride())
        .putLong(rows.rows() - 4 * first * rows.rowWords())
        .putLong(setBack(rows.weights(), 8 * first))
        .putLong(rows.norms() - 4 * first)
        .putLong(setBack(rows.residuals(), 4 * first))
        .putLong(rows.assignments() - 4 * first)
        .putLong(setBack(rows.distances(), 8 * first))
        .putLong(member.plan().previous() == null ? 0 : rows.assignments() - 4 * first)
        .putLong(shift(index))
        .putDouble(scale * scale)
        .putLong(member.chunk.ownNorms.address())
        .putLong(at(centroids[index]))
        .putLong(at(scales[index]))
        .putLong(at(results[index]))
        .putFloat((float) scale)
        .putInt(member.costBase)
        .putInt(firstRows[index])
        .putInt(firstRows[index] + rows.count())
        .putInt(firstTiles[index])
        .putInt(member.k())
        .putInt(split.high())
        .putInt(split.low())
        .putInt(memberSums(member.plan().sums()))
        .putInt(0);
  }

  /** The enum ProblemSums of problems.cuh. */
  private static int memberSums(Sums sums) {
    return switch (sums) {
      case TOTALS -> 0;
      case ALL -> 1;
      case MOVED -> 2;
      case ASSIGNMENTS ->
          throw new IllegalArgumentException(
              "A pass that only assigns is in a batch (expected it to run by itself)");
    };
  }

  private static long setBack(long address, long bytes) {
    return address == 0 ? 0 : address - bytes;
  }

  /** The struct Problems of problems.cuh. */
  void addTo(KernelArguments arguments) {
    addFields(arguments.next());
  }

  /** Its fields alone, inside another struct. */
  void addFields(KernelArguments arguments) {
    arguments
        .address(at(structs))
        .address(at(rowTiles))
        .address(at(centroidTiles))
        .address(at(bounds))
        .int32(places)
        .int32(tiles);
  }

  /** The struct Totals of decide.cuh, of all members. */
  void addTotals(KernelArguments arguments) {
    arguments
        .next()
        .address(anySums ? at(low) : 0)
        .address(anySums && kind.wide() ? at(high) : 0)
        .address(at(counts))
        .address(at(digits))
        .address(at(moved))
        .address(0)
        .int32(0);
  }

  /** Brings the totals of each member, after all that was queued. */
  List<PartialSums> read(DeviceWork work) {
    List<PartialSums> all = new ArrayList<>();
    List<long[]> movedRows = new ArrayList<>();
    Segments segments = new Segments();
    for (int i = 0; i < members.size(); i++) {
      all.add(PartialSums.zeros(members.get(i).plan()));
      movedRows.add(new long[1]);
      members.get(i).read(segments, results[i] - resultsBegin, all.get(i), movedRows.get(i));
    }
    long bytes = results[results.length - 1] - resultsBegin;
    bytes += 8 * members.get(members.size() - 1).resultLongs();
    work.staging().copyOut(arena, resultsBegin, bytes, segments::copy, work.stream());
    for (int i = 0; i < all.size(); i++) {
      all.get(i).addRows(members.get(i).rows.rows(), movedRows.get(i)[0]);
    }
    return all;
  }

  @Override
  public void close() {
    memory.giveBack(arena);
  }
}
