package io.flashlloyd.spark.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** {@code load.sql}: the table for pgvector, and how psql loads the COPY files into it. */
final class PgVectorScript {
  private PgVectorScript() {}

  static void write(AssignedSplits splits, String folder, Configuration hadoop) throws IOException {
    StringBuilder sql = new StringBuilder();
    sql.append(
        """
        -- psql -f load.sql, in this folder
        CREATE EXTENSION IF NOT EXISTS vector;
        CREATE TABLE flashlloyd_items (
          id %s NOT NULL,
          cluster integer NOT NULL,
          embedding vector(%d) NOT NULL
        );
        """
            .formatted(
                splits.namedByText() ? "text" : "bigint", splits.source().dataset().dimension()));
    for (int split = 0; split < splits.assignments().size(); split++) {
      sql.append(
          "\\copy flashlloyd_items (id, cluster, embedding) FROM '%s' WITH (FORMAT binary)\n"
              .formatted(CopyTask.name(split)));
    }
    FileSystem files = new Path(folder).getFileSystem(hadoop);
    try (OutputStream out = files.create(new Path(folder, "load.sql"), false)) {
      out.write(sql.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
