#!/bin/sh
# Makes the three predefined audio files beside this script.
#
# Needs: ffmpeg with libmp3lame, and awk (Debian: apt-get install ffmpeg).
# Usage: infra/audio/make-audio.sh [output folder; default: the script's own]
#
# Each tune is a score: one line per note, "start level note timbre", where start is in
# seconds, level is 0..1, note is a MIDI number (60 = middle C) and timbre is a row of
# the table in `expression`. awk turns a score into one arithmetic expression of t, and ffmpeg
# computes it sample by sample. There is no noise and no dither in it, so the same
# ffmpeg and LAME always make the same bytes; other versions make the same sound.
set -eu

out=$(cd "${1:-$(dirname "$0")}" && pwd)
rate=44100

# Score on stdin -> the expression of the whole tune.
# A timbre is its attack (how fast a note swells, 1/s), its decay (how fast it dies,
# 1/s) and the weights of its first three harmonics; higher harmonics die sooner.
expression() {
    awk '
        BEGIN {
            attack["bell"] = 300; decay["bell"] = 2.6; weights["bell"] = "1 0.35 0.12"
            attack["wood"] = 500; decay["wood"] = 6.0; weights["wood"] = "1 0.08 0.30"
            attack["glow"] = 5;   decay["glow"] = 0.7; weights["glow"] = "1 0.40 0.15"
        }
        NF == 4 {
            n = split(weights[$4], weight, " ")
            for (h = 1; h <= n; h++) {
                frequency = 440 * 2 ^ (($3 - 69) / 12) * h
                printf "%sgte(t,%s)*%.4f*(1-exp(-%g*(t-%s)))*exp(-%g*(t-%s))*sin(%.6f*(t-%s))", \
                    plus, $1, $2 * weight[h], attack[$4], $1, decay[$4] * (1 + 0.6 * (h - 1)), $1, \
                    2 * 3.141592653589793 * frequency, $1
                plus = "+"
            }
        }'
}

# render NUMBER SECONDS TITLE <score
render() {
    ffmpeg -hide_banner -loglevel error -y \
        -f lavfi -i "aevalsrc=exprs='$(expression)':s=$rate:d=$2:c=mono" \
        -af "afade=t=out:st=$(awk "BEGIN { print $2 - 0.4 }"):d=0.4" \
        -c:a libmp3lame -b:a 64k -ac 1 -sample_fmt s16p \
        -map_metadata -1 -metadata title="$3" -metadata artist="Parlor" \
        -fflags +bitexact -flags:a +bitexact -id3v2_version 3 \
        "$out/audio_test_$1.mp3"
}

# Bells climb C major and rest on the octave.
render 1 2.8 "Arrival" <<'SCORE'
0.00 0.30 72 bell
0.18 0.28 76 bell
0.36 0.28 79 bell
0.54 0.32 84 bell
0.54 0.14 60 bell
0.90 0.10 88 bell
SCORE

# A small pentatonic phrase on wooden bars, question and answer.
render 2 3.2 "Conversation" <<'SCORE'
0.00 0.40 69 wood
0.20 0.36 72 wood
0.40 0.36 74 wood
0.60 0.42 76 wood
1.10 0.36 74 wood
1.30 0.34 72 wood
1.50 0.34 67 wood
1.70 0.42 69 wood
1.70 0.22 57 bell
1.70 0.12 64 bell
SCORE

# A wide F major ninth that swells and fades, with one bell on top.
render 3 3.8 "Evening" <<'SCORE'
0.00 0.22 53 glow
0.12 0.17 60 glow
0.24 0.15 64 glow
0.36 0.14 67 glow
0.48 0.12 69 glow
1.60 0.14 84 bell
1.85 0.10 81 bell
SCORE
