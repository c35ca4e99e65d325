/**
 * The file into which {@code ceph-objectstore-tool --op export} writes a placement group: read by
 * {@link io.sepiola.cluster.pgexport.ExportReader}, written by {@link
 * io.sepiola.cluster.pgexport.ExportWriter}, in Ceph's format (c:src/tools/RadosDump.h), so that
 * groups go to and fro between genuine OSDs and ours.
 *
 * <pre>
 * File      := magic:u32 ffceffce, version:u32 2, headerSize:u32 18, footerSize:u32 10, PgBegin
 *              Metadata Object... PgEnd
 * Section   := Header [Body Footer]           a section without a body has no footer either
 * Header    := S(1/1){u16 ffce, type:u8 type:u8 bodySize:s64}
 * Footer    := S(1/1){u32 ecffffce}
 * Object    := ObjectBegin Data... Attrs OmapHeader Omap... ObjectEnd
 * PgBegin   := S(3/2){PgId OsdSuperblock shard:s8}
 * Metadata  := S(6/6){structVersion:u8 mapEpoch:u32 PgInfo PgLog PastIntervals, the OsdMap of
 *              mapEpoch, map of EVersion to HObject (empty since Ceph 12), PgMissing}
 * ObjectBegin := S(3/1){HObject generation:u64 shard:s8 ObjectInfo}
 * Data      := S(1/1){offset:u64 length:u64 blob}
 * Attrs     := S(1/1){map of string to blob}
 * OmapHeader := S(1/1){blob}
 * Omap      := S(1/1){map of string to blob}
 * </pre>
 *
 * Types: 1 PgBegin, 2 PgEnd, 3 ObjectBegin, 4 ObjectEnd, 5 Data, 6 Attrs, 7 OmapHeader, 8 Omap, 9
 * Metadata; 10 and 11 enclose an export of a pool, which is another format. Later types are passed
 * over.
 */
@NullMarked
package io.sepiola.cluster.pgexport;

import org.jspecify.annotations.NullMarked;
