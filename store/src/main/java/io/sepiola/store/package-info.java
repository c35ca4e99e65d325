/**
 * The objects of an OSD on its disk. {@link io.sepiola.store.ObjectStore} says what a store is,
 * {@link io.sepiola.store.BlockStore} is one in a directory, {@link io.sepiola.store.MemoryStore}
 * one that forgets, and the obvious twin against which the other is tested.
 *
 * <h2>The road of a transaction</h2>
 *
 * <pre>
 * submit ──► BlockTransaction (+ DataDraft)   works out every change, or refuses; under the one lock
 *        ──► BlockState                       readers see it from here on
 *        ──► Committer, a thread              long data to the block file, sync;
 *                                             the batch to the log, sync; owners told; index written
 *        ──► Checkpointer, a thread           short data to the block file, sync; index flushed;
 *                                             log segments and freed blocks used again
 * </pre>
 *
 * <p>A read is planned under the lock and done without it, by the caller, or, when it is long and
 * the caller asks so, by one of a few reader threads, which fill memory that the store lends
 * ({@link io.sepiola.base.Lent}).
 *
 * <h2>Files</h2>
 *
 * <pre>
 * label      whose store this is, of which format; written last      StoreLabel
 * lock       held while the store is open                            StoreFiles
 * block      data, in blocks of 4096 bytes; sparse                   Space, Extent, ChannelFile
 * log/N      segments, written full once, then used again and again  TransactionLog, LogRecord
 * index/     RocksDB, without its own log                            RocksIndex
 * </pre>
 *
 * <p>Keys of the index (IndexKeys; numbers big-endian, so that bytes order as what they stand for):
 *
 * <pre>
 * Key        := 'P' 'c'                        value: the last checkpoint, u64
 *             | 'P' 'r'                        value: the end of all blocks ever given, u32
 *             | 'C' Collection                 value: the hash bits, u8
 *             | 'O' Collection Object          value: Onode
 *             | 'M' nid:u64 key                value: as given
 * Collection := u8 0, 13 zeros | u8 1, pool:u64 seed:u32 shard:u8
 * Object     := shard:u8 isMax:u8 [pool:u64 reversedHash:u32 Text(namespace) Text(key or name)
 *               Text(name) snap:u64] generation:u64
 * Text       := bytes, with 00 written as 00 ff, and 00 01 at the end
 * </pre>
 *
 * Pool has its highest bit turned over, as have shards, so that negative ones come first.
 *
 * <h2>Why nothing acknowledged is lost</h2>
 *
 * Transactions are numbered in the order of submission. What a crash leaves is, for some number n
 * not below any that was acknowledged, exactly the transactions up to n. For that, these hold:
 *
 * <ol>
 *   <li>The log holds a batch only after every earlier one is durable, and after the long data that
 *       it speaks of are durable in the block file. Long data go to blocks that nothing uses, see
 *       5.
 *   <li>An owner is told, and the index is written, only after the log holds the batch. So whenever
 *       RocksDB carries its memtable to the disk, which it may do at any time, it never knows of
 *       something that the log does not.
 *   <li>Short data are in the log with their metadata. They are written over their blocks only by a
 *       checkpoint, and only as far as the log is durable: a checkpoint works up to the last number
 *       that is applied to the index, and where a block was written again since, it takes the older
 *       data, which PendingData keeps for it.
 *   <li>A checkpoint c is noted in the index after all short data up to c are durable in the block
 *       file, and the log is trimmed up to c after the index is durable up to c, with the note. So
 *       at every moment the log reaches from the noted checkpoint to the end without a gap.
 *   <li>Blocks that transaction f freed are used again only after a checkpoint c ≥ f. So no record
 *       that a recovery does again writes to a block that has another owner by now, and the index,
 *       as found after a crash, points to no block that was used again.
 *   <li>Recovery does the records after the noted checkpoint again, all of them and in order. They
 *       hold values, not differences. The index may have had some of them already, even later ones;
 *       doing all again ends in the same state, and a crash in the middle does no harm. It ends
 *       with a checkpoint, and numbers go on above every number that is found anywhere in the log,
 *       so that what a crash tore is never taken for something new.
 * </ol>
 *
 * <p>Only the last batch can be torn by a crash, because of 1. Damage anywhere else is the disk's,
 * and the store refuses to open rather than forget what it acknowledged. A sync that fails ends the
 * store for good: what the kernel did with the pages is not known, and a second sync would say
 * nothing.
 *
 * <h2>Checksums</h2>
 *
 * The checksum of each block lies in the onode, apart from the block, so data that were lost, torn,
 * misplaced or changed do not match it. It is sealed with the object's number and the block's place
 * in the object (Seal), so that an extent in the wrong place does not match either, though its
 * bytes be whole; a clone, which shares blocks, seals them anew without reading them. The onode
 * itself has a checksum with its key. Every read of the block file is held against the one, and
 * every reading of an onode against the other.
 *
 * <h2>Compression</h2>
 *
 * What a write brings is cut into pieces and each compressed alone, where the collection's options
 * and the client's hints say so and it saves blocks (Packer). The extent tells the algorithm and
 * both sizes (Packing). Stored blocks have checksums as all have, and are held against them before
 * they are decompressed, to exactly the size that is expected. Compressed blocks are never written
 * over: a write within them takes the place of some in the object and leaves them where they are,
 * used once by each extent that still has a part of them; when what is left is no more than they
 * take, it is written as it is. So nothing of the proof above changes. An algorithm's library is
 * loaded when it is first used.
 *
 * <p>What the objects of each pool take is counted along (Footprints), from the onodes when a store
 * opens and by every transaction's difference from then on.
 *
 * <h2>Formats</h2>
 *
 * This is format 3. In format 2 nothing was compressed, and hints were not kept; in format 1
 * checksums had no seal and onodes none of their own. Such onodes are read for ever, and become new
 * ones when they change. The label is brought to format 3 before the first of those is written, so
 * a store whose label says less has none, wherever a crash came, and releases that know only
 * earlier formats refuse one that might.
 *
 * <h2>Bounds</h2>
 *
 * The queue of the committer (submitters wait), the log (the committer waits for a checkpoint), the
 * onode cache, RocksDB's memtables and its cache, which stores may share. The space map takes one
 * bit for each block, and is read from the onodes when a store opens.
 */
@NullMarked
package io.sepiola.store;

import org.jspecify.annotations.NullMarked;
