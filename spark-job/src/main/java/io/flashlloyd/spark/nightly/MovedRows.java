package io.flashlloyd.spark.nightly;

import io.flashlloyd.io.Ids;
import io.flashlloyd.io.lists.AssignmentReader;
import io.flashlloyd.io.output.MoveTable;
import io.flashlloyd.spark.report.RowMoves;
import java.util.Arrays;

/**
 * Rows of two runs, side by side: of each id the row of the run before and of this one. A hash
 * table of the old rows, open addressing; the new ones look for theirs in it.
 */
final class MovedRows {
  private static final int NONE = -1;

  private final AssignmentReader.Rows old;
  private final AssignmentReader.Rows now;

  /** Rows of {@code old} by the hashes of their ids, or none. */
  private final int[] slots;

  /** [old rows] the new row of the same id, or none. */
  private final int[] newOf;

  /** [new rows] the old row of the same id, or none. */
  private final int[] oldOf;

  /** The last id that names two rows of a run, in the order of texts; or null. */
  private String twice;

  MovedRows(AssignmentReader.Rows old, AssignmentReader.Rows now) {
    this.old = old;
    this.now = now;
    this.slots = table(old.clusters().length);
    this.newOf = new int[old.clusters().length];
    this.oldOf = new int[now.clusters().length];
    Arrays.fill(newOf, NONE);
    Arrays.fill(oldOf, NONE);
    for (int row = 0; row < newOf.length; row++) {
      put(slots, old.ids(), row);
    }
    int[] added = table(oldOf.length);
    for (int row = 0; row < oldOf.length; row++) {
      oldOf[row] = slots[slot(slots, old.ids(), now.ids(), row)];
      if (oldOf[row] == NONE) {
        put(added, now.ids(), row);
      } else if (newOf[oldOf[row]] == NONE) {
        newOf[oldOf[row]] = row;
      } else {
        twice(now.ids(), row);
      }
    }
  }

  private static int[] table(int rows) {
    int[] slots = new int[Integer.highestOneBit(Math.max(1, rows)) * 4];
    Arrays.fill(slots, NONE);
    return slots;
  }

  private void put(int[] table, Ids ids, int row) {
    int slot = slot(table, ids, ids, row);
    if (table[slot] != NONE) {
      twice(ids, row);
    }
    table[slot] = row;
  }

  /** The slot of the row of {@code known} with this id, or the one where it would be. */
  private static int slot(int[] table, Ids known, Ids ids, int row) {
    int mask = table.length - 1;
    int slot = Integer.reverse(ids.hash(row)) & mask; // its low bits chose the partition
    while (table[slot] != NONE && !known.same(table[slot], ids, row)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void twice(Ids ids, int row) {
    String name = ids.name(row);
    twice = twice == null || name.compareTo(twice) > 0 ? name : twice;
  }

  MovesTable.Counts counts() {
    long kept = 0;
    long moved = 0;
    long changed = 0;
    long added = 0;
    for (int row = 0; row < oldOf.length; row++) {
      int before = oldOf[row];
      if (before == NONE) {
        added++;
        continue;
      }
      boolean same = old.clusters()[before] == now.clusters()[row];
      kept += same ? 1 : 0;
      moved += same ? 0 : 1;
      changed += same && old.distances()[before] == now.distances()[row] ? 0 : 1;
    }
    long gone = Arrays.stream(newOf).filter(row -> row == NONE).count();
    return new MovesTable.Counts(new RowMoves(kept, moved, added, gone), changed, twice);
  }

  /**
   * The rows that are not where they were.
   *
   * @param addedOnly whether to leave out those that the run before had
   */
  MoveTable.Moves moves(boolean addedOnly) {
    MoveTable.Moves moves = new MoveTable.Moves();
    for (int row = 0; row < oldOf.length; row++) {
      int before = oldOf[row];
      if (before == NONE) {
        moves.add(now.ids(), row, null, now.clusters()[row]);
      } else if (!addedOnly && old.clusters()[before] != now.clusters()[row]) {
        moves.add(now.ids(), row, old.clusters()[before], now.clusters()[row]);
      }
    }
    for (int row = 0; row < newOf.length && !addedOnly; row++) {
      if (newOf[row] == NONE) {
        moves.add(old.ids(), row, old.clusters()[row], null);
      }
    }
    return moves;
  }
}
