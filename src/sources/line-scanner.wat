;; Finds lines in blocks of a log, sixteen bytes at a time.
;;
;; `scan` finds the lines that contain one of a few dozen words. For each word it searches three adjacent bytes at all
;; positions at once: lookup tables give, for each nibble of a byte, the groups of words (of eight) in which it may be the
;; first, second or third of the three (a method known as Teddy, from the matcher Hyperscan). Where a group remains, its
;; words are compared in full. `lines` finds all lines.
;;
;; Memory, filled in by line-scanner.ts:
;;      0   tables of sixteen bytes: low and high nibble of the first, second and third byte
;;     96   groups: address of the first word's entry, number of words
;;    160   scratch: of sixteen positions, the groups of which a word may be there
;;    256   entries of words: offset of the three bytes, length, address of the text
;;   2048   texts
;;   4096   found lines: start, end (of the newline), newlines before, 1 if it is printable ASCII only
;; 131072   the block
(module
  (memory (export "memory") 36)

  ;; Where the search ended: the offset after the last line examined, and the number of newlines before it.
  (global $position (export "position") (mut i32) (i32.const 0))
  (global $newlines (export "newlines") (mut i32) (i32.const 0))
  (global $found (mut i32) (i32.const 0))

  ;; Finds lines with one of the words from `at` to `end`, which follows a newline; at most `most` of them.
  (func (export "scan") (param $at i32) (param $end i32) (param $most i32) (result i32)
    (local $from i32) (local $bytes v128) (local $second v128) (local $third v128) (local $groups v128) (local $half v128) (local $breaks i32) (local $candidates i32) (local $bit i32)
    (local.set $half (i8x16.splat (i32.const 15)))
    (local.set $from (local.get $at))
    (global.set $newlines (i32.const 0))
    (global.set $found (i32.const 0))
    (block $done
      (loop $chunk
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $bytes (v128.load (local.get $at)))
        (local.set $second (v128.load offset=1 (local.get $at)))
        (local.set $third (v128.load offset=2 (local.get $at)))
        (local.set $groups (v128.and
          (v128.and
          (v128.and (i8x16.swizzle (v128.load (i32.const 0)) (v128.and (local.get $bytes) (local.get $half)))
                    (i8x16.swizzle (v128.load (i32.const 16)) (i8x16.shr_u (local.get $bytes) (i32.const 4))))
          (v128.and (i8x16.swizzle (v128.load (i32.const 32)) (v128.and (local.get $second) (local.get $half)))
                    (i8x16.swizzle (v128.load (i32.const 48)) (i8x16.shr_u (local.get $second) (i32.const 4)))))
          (v128.and (i8x16.swizzle (v128.load (i32.const 64)) (v128.and (local.get $third) (local.get $half)))
                    (i8x16.swizzle (v128.load (i32.const 80)) (i8x16.shr_u (local.get $third) (i32.const 4))))))
        (local.set $breaks (i8x16.bitmask (i8x16.eq (local.get $bytes) (v128.const i8x16 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10))))
        (if (v128.any_true (local.get $groups))
          (then
            (v128.store (i32.const 160) (local.get $groups))
            (local.set $candidates (i32.xor (i8x16.bitmask (i8x16.eq (local.get $groups) (v128.const i64x2 0 0))) (i32.const 0xffff)))
            (loop $candidate
              (local.set $bit (i32.ctz (local.get $candidates)))
              (if (call $holds (i32.add (local.get $at) (local.get $bit)) (local.get $from) (local.get $end) (i32.load8_u offset=160 (local.get $bit)))
                (then
                  (global.set $newlines (i32.add (global.get $newlines) (i32.popcnt (i32.and (local.get $breaks) (call $below (local.get $bit))))))
                  (local.set $at (call $note (call $line_start (i32.add (local.get $at) (local.get $bit)) (local.get $from))))
                  (br_if $done (i32.eq (global.get $found) (local.get $most)))
                  (br $chunk)))
              (local.set $candidates (i32.and (local.get $candidates) (i32.sub (local.get $candidates) (i32.const 1))))
              (br_if $candidate (local.get $candidates)))))
        (if (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end))
          (then (local.set $breaks (i32.and (local.get $breaks) (call $below (i32.sub (local.get $end) (local.get $at)))))))
        (global.set $newlines (i32.add (global.get $newlines) (i32.popcnt (local.get $breaks))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $chunk)))
    (global.set $position (select (local.get $end) (local.get $at) (i32.gt_u (local.get $at) (local.get $end))))
    (global.get $found))

  ;; Finds all lines from `at` to `end`; at most `most` of them.
  (func (export "lines") (param $at i32) (param $end i32) (param $most i32) (result i32)
    (global.set $newlines (i32.const 0))
    (global.set $found (i32.const 0))
    (block $done
      (loop $line
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (br_if $done (i32.eq (global.get $found) (local.get $most)))
        (local.set $at (call $note (local.get $at)))
        (br $line)))
    (global.set $position (local.get $at))
    (global.get $found))

  (func $breaks_in (param $bytes v128) (result i32)
    (i8x16.bitmask (i8x16.eq (local.get $bytes) (v128.const i8x16 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10))))

  ;; The bits below the given one.
  (func $below (param $bit i32) (result i32)
    (i32.sub (i32.shl (i32.const 1) (local.get $bit)) (i32.const 1)))

  ;; Is there a word of these groups (a bit each) whose three bytes are at `at`, within `from` and `end`?
  (func $holds (param $at i32) (param $from i32) (param $end i32) (param $groups i32) (result i32)
    (local $group i32) (local $entry i32) (local $last i32)
    (loop $next_group
      (local.set $group (i32.shl (i32.ctz (local.get $groups)) (i32.const 3)))
      (local.set $entry (i32.load offset=96 (local.get $group)))
      (local.set $last (i32.add (local.get $entry) (i32.mul (i32.load offset=100 (local.get $group)) (i32.const 12))))
      (block $next
        (loop $words
          (br_if $next (i32.ge_u (local.get $entry) (local.get $last)))
          (if (call $is_word (i32.sub (local.get $at) (i32.load (local.get $entry))) (local.get $entry) (local.get $from) (local.get $end))
            (then (return (i32.const 1))))
          (local.set $entry (i32.add (local.get $entry) (i32.const 12)))
          (br $words)))
      (local.set $groups (i32.and (local.get $groups) (i32.sub (local.get $groups) (i32.const 1))))
      (br_if $next_group (local.get $groups)))
    (i32.const 0))

  ;; Is the entry's word at `at`?
  (func $is_word (param $at i32) (param $entry i32) (param $from i32) (param $end i32) (result i32)
    (local $text i32) (local $last i32)
    (local.set $last (i32.add (local.get $at) (i32.load offset=4 (local.get $entry))))
    (if (i32.or (i32.lt_u (local.get $at) (local.get $from)) (i32.gt_u (local.get $last) (local.get $end))) (then (return (i32.const 0))))
    (local.set $text (i32.load offset=8 (local.get $entry)))
    (loop $bytes
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.load8_u (local.get $text))) (then (return (i32.const 0))))
      (local.set $text (i32.add (local.get $text) (i32.const 1)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $bytes (i32.lt_u (local.get $at) (local.get $last))))
    (i32.const 1))

  ;; Start of the line that contains `at`, not before `from`.
  (func $line_start (param $at i32) (param $from i32) (result i32)
    (local $breaks i32)
    (loop $chunk
      (local.set $breaks (call $breaks_in (v128.load (i32.sub (local.get $at) (i32.const 16)))))
      (if (i32.eqz (local.get $breaks))
        (then
          (local.set $at (i32.sub (local.get $at) (i32.const 16)))
          (br_if $chunk (i32.gt_s (local.get $at) (local.get $from)))
          (return (local.get $from)))))
    (local.set $at (i32.add (i32.sub (local.get $at) (i32.const 16)) (i32.sub (i32.const 32) (i32.clz (local.get $breaks)))))
    (select (local.get $at) (local.get $from) (i32.gt_u (local.get $at) (local.get $from))))

  ;; Records the line that begins at `start`, and returns the start of the next one.
  (func $note (param $start i32) (result i32)
    (local $at i32) (local $bytes v128) (local $breaks i32) (local $odd i32) (local $record i32)
    (local.set $at (local.get $start))
    (loop $chunk
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $breaks (call $breaks_in (local.get $bytes)))
      (if (i32.eqz (local.get $breaks))
        (then
          (local.set $odd (i32.or (local.get $odd) (call $odd_in (local.get $bytes))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $chunk))))
    (local.set $odd (i32.or (local.get $odd) (i32.and (call $odd_in (local.get $bytes)) (call $below (i32.ctz (local.get $breaks))))))
    (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $breaks))))
    (local.set $record (i32.add (i32.const 4096) (i32.shl (global.get $found) (i32.const 4))))
    (i32.store (local.get $record) (local.get $start))
    (i32.store offset=4 (local.get $record) (local.get $at))
    (i32.store offset=8 (local.get $record) (global.get $newlines))
    (i32.store offset=12 (local.get $record) (i32.eqz (local.get $odd)))
    (global.set $found (i32.add (global.get $found) (i32.const 1)))
    (global.set $newlines (i32.add (global.get $newlines) (i32.const 1)))
    (i32.add (local.get $at) (i32.const 1)))

  ;; Bytes that are not printable ASCII: control characters, and those above 127, which are negative as signed bytes.
  (func $odd_in (param $bytes v128) (result i32)
    (i8x16.bitmask (i8x16.lt_s (local.get $bytes) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))))
