package io.flashlloyd.io.lists;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Writes which partition each row belongs to, as a data set that an index builder takes. Lance's
 * own library writes it, which is 260 MB with what it needs: builds with {@code mvn -Plance} have
 * it, others do not.
 */
public interface PartitionTable {
  /** Rows in their order. */
  interface Source {
    /** The next rows, or null at the end; ids are numbers of at least 0. */
    AssignmentReader.Rows next() throws IOException;
  }

  /**
   * Writes a Lance data set of one fragment of one file: {@code row_id} uint64, {@code partition}
   * uint32.
   *
   * @param folder on a local disk; made here
   */
  void write(Path folder, Source rows) throws IOException;

  /** The writer of this build, if it has one. */
  static Optional<PartitionTable> find() {
    return ServiceLoader.load(PartitionTable.class).findFirst();
  }
}
