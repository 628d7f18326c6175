package io.flashlloyd.io.arrow;

import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Schema;

/**
 * A schema's fields are where its offsets say, so that a damaged one may be in itself, or among the
 * children of many: without end, for who walks over them.
 */
final class FieldTree {
  private static final int MOST_DEPTH = 64;

  /** Bytes that a field takes at least: its table's head, two offsets and a name's length. */
  private static final int LEAST_FIELD = 16;

  private int left;

  private FieldTree(int left) {
    this.left = left;
  }

  /**
   * Looks at every field once.
   *
   * @throws IllegalArgumentException where there are more than the schema's bytes have room for, or
   *     deeper ones than anybody writes
   */
  static void requireFinite(Schema schema) {
    FieldTree tree = new FieldTree(schema.getByteBuffer().capacity() / LEAST_FIELD);
    for (int i = 0; i < schema.fieldsLength(); i++) {
      tree.visit(schema.fields(i), 0);
    }
  }

  private void visit(Field field, int depth) {
    if (--left < 0 || depth > MOST_DEPTH) {
      throw new IllegalArgumentException("the schema's fields are within each other");
    }
    for (int i = 0; i < field.childrenLength(); i++) {
      visit(field.children(i), depth + 1);
    }
  }
}
