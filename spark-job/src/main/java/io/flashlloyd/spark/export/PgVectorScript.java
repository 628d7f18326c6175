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

  static void write(AssignedUnits units, String folder, Configuration hadoop) throws IOException {
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
                units.namedByText() ? "text" : "bigint", units.source().dataset().dimension()));
    for (int unit = 0; unit < units.assignments().size(); unit++) {
      sql.append(
          "\\copy flashlloyd_items (id, cluster, embedding) FROM '%s' WITH (FORMAT binary)\n"
              .formatted(CopyTask.name(unit)));
    }
    FileSystem files = new Path(folder).getFileSystem(hadoop);
    try (OutputStream out = files.create(new Path(folder, "load.sql"), false)) {
      out.write(sql.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
