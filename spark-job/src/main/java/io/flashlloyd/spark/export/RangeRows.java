package io.flashlloyd.spark.export;

import io.flashlloyd.io.lists.ListWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The rows of one range of clusters. All of them are in memory, of which a range takes a bounded
 * part; those of a range that is a single list come as they are wanted.
 *
 * @param layout of the pieces
 * @param first cluster
 * @param end cluster, exclusive
 * @param pieces in the order of their rows; to be gone through once
 */
record RangeRows(RowPiece.Layout layout, int first, int end, Iterator<byte[]> pieces) {
  /** Appends all rows, list by list, those of a list in the order in which they came. */
  void addTo(ListWriter writer) throws IOException {
    byte[] scratch = new byte[layout.dimension() * Float.BYTES];
    if (end - first > 1) {
      sort(writer, scratch);
      return;
    }
    while (pieces.hasNext()) {
      RowPiece piece = new RowPiece(layout, pieces.next());
      for (int row = 0; row < piece.rows(); row++) {
        piece.addTo(writer, row, scratch);
      }
    }
  }

  private void sort(ListWriter writer, byte[] scratch) throws IOException {
    List<RowPiece> all = new ArrayList<>();
    int[] starts = new int[end - first + 1];
    while (pieces.hasNext()) {
      RowPiece piece = new RowPiece(layout, pieces.next());
      all.add(piece);
      for (int row = 0; row < piece.rows(); row++) {
        starts[piece.cluster(row) - first + 1]++;
      }
    }
    for (int list = 0; list < end - first; list++) {
      starts[list + 1] += starts[list];
    }
    int[] pieceOf = new int[starts[end - first]];
    int[] rowOf = new int[pieceOf.length];
    for (int p = 0; p < all.size(); p++) {
      for (int row = 0; row < all.get(p).rows(); row++) {
        int at = starts[all.get(p).cluster(row) - first]++;
        pieceOf[at] = p;
        rowOf[at] = row;
      }
    }
    for (int i = 0; i < pieceOf.length; i++) {
      all.get(pieceOf[i]).addTo(writer, rowOf[i], scratch);
    }
  }
}
