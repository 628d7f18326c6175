package io.flashlloyd.io.output;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Rows that are not in the cluster where they were, one Parquet file: {@code id}, {@code
 * old_cluster} and {@code new_cluster} int32, null where a row is new or gone.
 */
public final class MoveTable {
  private static final PrimitiveType OLD =
      Types.optional(PrimitiveTypeName.INT32).named("old_cluster");
  private static final PrimitiveType NEW =
      Types.optional(PrimitiveTypeName.INT32).named("new_cluster");

  private MoveTable() {}

  private record Move(Ids ids, int row, Integer before, Integer after) {}

  /** Moves, in any order. */
  public static final class Moves {
    private final List<Move> all = new ArrayList<>();

    /** Row {@code row} of {@code ids} went from one cluster to another; null is none. */
    public void add(Ids ids, int row, Integer before, Integer after) {
      all.add(new Move(ids, row, before, after));
    }
  }

  /** Writes a file, sorted by id, that appears when it is whole. */
  public static void write(String uri, IdType type, Moves moves, Configuration hadoop)
      throws IOException {
    Comparator<Move> byId =
        type == IdType.STRING
            ? Comparator.comparing(move -> move.ids().text(move.row()))
            : Comparator.comparingLong(move -> move.ids().number(move.row()));
    MessageType schema = new MessageType("moves", IdPage.column(type), OLD, NEW);
    try (BesideFile file = new BesideFile(uri, hadoop)) {
      try (ParquetWriter<Move> writer =
          ParquetSink.open(file.path(), schema, (move, out) -> emit(type, move, out), hadoop)) {
        for (Move move : moves.all.stream().sorted(byId).toList()) {
          writer.write(move);
        }
      }
      file.commit();
    }
  }

  private static void emit(IdType type, Move move, RecordConsumer out) {
    out.startField("id", 0);
    switch (type) {
      case STRING -> out.addBinary(Binary.fromString(move.ids().text(move.row())));
      case INT32 -> out.addInteger(Math.toIntExact(move.ids().number(move.row())));
      case INT64, ROW_NUMBER -> out.addLong(move.ids().number(move.row()));
    }
    out.endField("id", 0);
    emit(OLD.getName(), 1, move.before(), out);
    emit(NEW.getName(), 2, move.after(), out);
  }

  private static void emit(String name, int index, Integer cluster, RecordConsumer out) {
    if (cluster != null) {
      out.startField(name, index);
      out.addInteger(cluster);
      out.endField(name, index);
    }
  }
}
