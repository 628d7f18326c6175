package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.Engines;
import io.flashlloyd.engine.NearestSearch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The centroids of all slices of a vector, in the slices' order. Thread-safe. */
final class Codebooks implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<Centroids> books;
  private final int width;
  private transient NearestSearch[] searches;

  /**
   * @param books of one dimension, that of a slice
   */
  Codebooks(List<Centroids> books) {
    this.books = new ArrayList<>(books);
    this.width = books.get(0).dimension();
  }

  /** Of whole vectors. */
  int dimension() {
    return books.size() * width;
  }

  int[] encode(float[] vector) {
    if (vector.length != dimension()) {
      throw new IllegalArgumentException(
          "Row has dimension %d (expected %d, as the model)".formatted(vector.length, dimension()));
    }
    NearestSearch[] search = searches();
    int[] codes = new int[books.size()];
    for (int m = 0; m < codes.length; m++) {
      codes[m] = search[m].nearest(Arrays.copyOfRange(vector, m * width, (m + 1) * width));
    }
    return codes;
  }

  /** Made where the codebooks are used, once. */
  private synchronized NearestSearch[] searches() {
    if (searches == null) {
      searches = books.stream().map(Engines::search).toArray(NearestSearch[]::new);
    }
    return searches;
  }

  float[] decode(int[] codes) {
    if (codes.length != books.size()) {
      throw new IllegalArgumentException(
          "Row has %d codes (expected %d, as the model has subspaces)"
              .formatted(codes.length, books.size()));
    }
    float[] vector = new float[dimension()];
    for (int m = 0; m < codes.length; m++) {
      Centroids book = books.get(m);
      if (codes[m] >= book.k()) {
        throw new IllegalArgumentException(
            "Code %d is %d (expected less than %d, as its codebook has centroids)"
                .formatted(m, codes[m], book.k()));
      }
      System.arraycopy(book.values(), codes[m] * width, vector, m * width, width);
    }
    return vector;
  }
}
