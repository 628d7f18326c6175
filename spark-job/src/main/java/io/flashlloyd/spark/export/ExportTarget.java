package io.flashlloyd.spark.export;

/**
 * What to export to, and how.
 *
 * @param parents clusters of VectorChord's upper level; 0 for one level
 * @param engine the choice: auto, cpu, gpu or reference
 * @param partitions tasks in each pass of an assignment; 0 for the default
 */
public record ExportTarget(ExportFormat format, int parents, String engine, int partitions) {}
