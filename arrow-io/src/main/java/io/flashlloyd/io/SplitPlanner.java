package io.flashlloyd.io;

import io.flashlloyd.io.source.ChunkFiller;
import io.flashlloyd.io.source.FileLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Files to splits of about one chunk each: small enough to spread over any cluster, and a task may
 * take many. Row groups and record batches are never cut, only joined.
 */
final class SplitPlanner {
  private final int rowsPerSplit;
  private final List<VectorSplit> splits = new ArrayList<>();
  private long firstRow;

  SplitPlanner(int dimension, ElementType type, long chunkBytes) {
    this.rowsPerSplit = ChunkFiller.rowsPerChunk(dimension, type, chunkBytes);
  }

  List<VectorSplit> plan(List<FileLayout> layouts) {
    for (FileLayout layout : layouts) {
      if (layout.parts().isEmpty()) {
        cutRows(layout);
      } else {
        joinParts(layout);
      }
    }
    return splits;
  }

  private void cutRows(FileLayout layout) {
    for (long row = 0; row < layout.rows(); row += rowsPerSplit) {
      long rows = Math.min(rowsPerSplit, layout.rows() - row);
      add(layout, row, rows, layout.offset() + row * layout.rowStride(), 0, 0);
    }
  }

  private void joinParts(FileLayout layout) {
    List<FileLayout.Part> parts = layout.parts();
    long row = 0;
    int first = 0;
    while (first < parts.size()) {
      long rows = parts.get(first).rows();
      int next = first + 1;
      while (next < parts.size() && rows + parts.get(next).rows() <= rowsPerSplit) {
        rows += parts.get(next).rows();
        next++;
      }
      if (rows > 0) {
        add(layout, row, rows, parts.get(first).offset(), first, next - first);
      }
      row += rows;
      first = next;
    }
  }

  private void add(FileLayout layout, long row, long rows, long offset, int firstPart, int parts) {
    splits.add(
        new VectorSplit(
            splits.size(),
            layout.uri(),
            layout.format(),
            layout.source(),
            firstRow,
            rows,
            row,
            offset,
            firstPart,
            parts));
    firstRow += rows;
  }
}
