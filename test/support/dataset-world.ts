import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SourceName } from '../../src/dataset/sources.js';
import { npy } from './npz.js';

/** Files by their path, text or bytes. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** A picture that is only looked for, never opened. */
const pictures = (...names: readonly string[]): Files => Object.fromEntries(names.map((name) => [name, 'picture']));
/** One text as numpy saves it. */
const npyText = (text: string): Buffer => {
  const codes = Uint32Array.from(text, (char) => char.codePointAt(0)!);
  return npy(`<U${text.length}`, [], new Uint8Array(codes.buffer));
};

const faba = (task: 'emotion' | 'au', text: string, question: string) => ({
  source: 'made up',
  image: `FABAInstruct/train/images/${task}.jpg`,
  id: task,
  conversations: [
    { from: 'human', value: `<image>\n${question}` },
    { from: 'gpt', value: text },
  ],
  landmark: `FABAInstruct/train/landmarks/${task}.npy`,
});

/** DISFA's files of a person whose AU12 has these degrees, frame by frame; the other units have none. */
export const disfaPerson = (name: string, degrees: readonly number[]): Files =>
  Object.fromEntries(
    [1, 2, 4, 5, 6, 9, 12, 15, 17, 20, 25, 26].map((unit) => [
      `ActionUnit_Labels/${name}/${name}_au${unit}.txt`,
      degrees.map((degree, at) => `${at + 1},${unit === 12 ? degree : 0}\r\n`).join(''),
    ]),
  );

const AFF_AU = 'AU1,AU2,AU4,AU6,AU7,AU10,AU12,AU15,AU23,AU24,AU25,AU26';
const AFF_EXPR = 'Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise,Other';
const BP4D_UNITS = '1,2,4,6,7,10,12,14,15,17,23,24';

/** A small data set in the form in which its owners publish it: made up, with pictures that are none. */
export const DATA_SETS: Readonly<Record<SourceName, Files>> = {
  'faba-instruct': {
    'FABAInstruct/train/train_emotion_anno.json': JSON.stringify([
      faba('emotion', 'The face shows joy. Its lips smile.', 'How does it feel?'),
    ]),
    'FABAInstruct/train/train_au_anno.json': JSON.stringify([faba('au', 'AU6 lifts, AU12 pulls.', 'Which AUs?')]),
    'FABAInstruct/eval/eval_emotion_anno.json': JSON.stringify([
      { image: 'FABAInstruct/eval/images/e.jpg', label: 'sadness', gpt4: 'A sad face.', landmark: 'l.npy' },
    ]),
    ...pictures(
      'FABAInstruct/train/images/emotion.jpg',
      'FABAInstruct/train/images/au.jpg',
      'FABAInstruct/eval/images/e.jpg',
    ),
  },
  affwild2: {
    'annotations/EXPR_Classification_Challenge/Train_Set/1-30-640x360_left.txt': `${AFF_EXPR}\n4\n-1\n7\n6\n`,
    'annotations/EXPR_Classification_Challenge/Validation_Set/video7.txt': `${AFF_EXPR}\n1\n1\n`,
    'annotations/AU_Detection_Challenge/Train_Set/1-30-640x360_left.txt': `${AFF_AU}\n0,0,0,1,0,0,1,0,0,0,1,0\n${'-1,'.repeat(11)}-1\n${'0,'.repeat(11)}0\n1,1,0,0,0,0,0,0,0,0,1,1\n`,
    'annotations/AU_Detection_Challenge/Validation_Set/video7.txt': `${AFF_AU}\n0,0,1,0,0,0,0,0,1,0,0,0\n${'0,'.repeat(11)}0\n`,
    'annotations/VA_Estimation_Challenge/Train_Set/1-30-640x360_left.txt':
      'valence,arousal\n0.75,0.5\n-5,-5\n0,0\n-0.25,1\n',
    ...pictures(
      'cropped_aligned/1-30-640x360_left/00001.jpg',
      'cropped_aligned/1-30-640x360_left/00003.jpg',
      'cropped_aligned/1-30-640x360_left/00004.jpg',
      'cropped_aligned/video7/00001.jpg', // on the second frame its owners found no face
    ),
  },
  'raf-db': {
    'basic/EmoLabel/list_patition_label.txt': 'train_00001.jpg 4\ntrain_00002.jpg 1\ntest_0001.jpg 7\n',
    ...pictures(
      'basic/Image/aligned/train_00001_aligned.jpg',
      'basic/Image/aligned/train_00002_aligned.jpg',
      'basic/Image/aligned/test_0001_aligned.jpg',
    ),
  },
  'raf-db-compound': {
    'compound/EmoLabel/list_patition_label.txt': 'train_0001.jpg 1\ntest_0001.jpg 8\n',
    ...pictures('compound/Image/aligned/train_0001_aligned.jpg', 'compound/Image/aligned/test_0001_aligned.jpg'),
  },
  ferplus: {
    'fer2013new.csv': [
      'Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF',
      'Training,fer0000000.png,4,0,0,1,3,2,0,0,0,0',
      'Training,,0,0,0,0,0,0,0,0,0,10',
      'PublicTest,fer0028638.png,0,9,0,0,0,0,0,0,1,0',
      'PrivateTest,fer0032220.png,1,0,0,0,0,0,0,0,9,0',
      'PrivateTest,fer0032221.png,0,0,0,0,0,0,0,9,1,0',
      '',
    ].join('\r\n'),
    ...pictures(
      'data/FER2013Train/fer0000000.png',
      'data/FER2013Valid/fer0028638.png',
      'data/FER2013Test/fer0032220.png',
      'data/FER2013Test/fer0032221.png',
    ),
  },
  affectnet: {
    'Manually_Annotated_file_lists/training.csv': `subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal\n689/a.jpg,134,134,899,899,"181.64;530.91",1,0.785714,-0.055556\n689/b.jpg,1,1,9,9,1;2,9,-2,-2\n`,
    'Manually_Annotated_file_lists/validation.csv': '10/c.jpg,29,29,205,205,36.27;113.4,7,-0.5,0.25\n',
    ...pictures(
      'Manually_Annotated_Images/689/a.jpg',
      'Manually_Annotated_Images/689/b.jpg',
      'Manually_Annotated_Images/10/c.jpg',
    ),
  },
  sfew: {
    ...pictures(
      'Train/Train_Aligned_Faces/Angry/Airheads_000519240_00000005.png',
      'Train/Train_Aligned_Faces/Happy/Juno_000117000_00000010.png',
      'Val/Val_Aligned_Faces_new/Sad/Bridesmaids_000120520_00000013.png',
    ),
  },
  disfa: {
    ...disfaPerson('SN001', [0, 1, 2]),
    ...disfaPerson('SN003', [5, 0]),
    ...disfaPerson('SN006', [3]),
    ...pictures('SN001/1.png', 'SN001/2.png', 'SN001/3.png', 'SN003/1.png', 'SN003/2.png', 'SN006/1.png'),
  },
  bp4d: {
    'AUCoding/AU_OCC/F001_T1.csv': `0,${BP4D_UNITS}\n2440,${'0,'.repeat(6)}1,0,0,0,0,0\n2441,${'9,'.repeat(11)}9\n`,
    'AUCoding/AU_OCC/F003_T8.csv': `0,${BP4D_UNITS}\n7,1,1${',0'.repeat(10)}\n`,
    'AUCoding/AU_OCC/F004_T2.csv': `0,${BP4D_UNITS}\n9,0,0,1${',0'.repeat(9)}\n`,
    ...pictures('F001/T1/2440.jpg', 'F001/T1/2441.jpg', 'F003/T8/7.jpg', 'F004/T2/9.jpg'),
  },
  gft: {
    'gft.csv': 'image,subject,AU1,AU12,AU24\na/1.jpg,a,0,1,9\nb/1.jpg,b,1,0,0\n',
    ...pictures('a/1.jpg', 'b/1.jpg'),
  },
  emotionet: {
    'emotionet.csv': `URL,${[1, 2, 4, 5, 6, 9, 12, 17, 20, 25, 26, 43].map((unit) => `'AU ${unit}'`).join(',')}\nhttp://images.invalid/x/N_1.jpg,0,0,0,0,1,0,1,0,999,1,0,0\n`,
    ...pictures('N_1.jpg'),
  },
  'c-expr-db': {
    'labels/7.txt':
      'Fearfully Surprised,Happily Surprised,Sadly Surprised,Disgustedly Surprised,Angrily Surprised,Sadly Fearful,Sadly Angry,Other\n1\n7\n-1\n5\n',
    ...pictures('7/00001.jpg', '7/00004.jpg'),
  },
  csv: {
    'list.csv':
      'image,label,subject,split,AU01,AU12,valence,arousal,summary,movement,reasoning\na.jpg,happy,p1,train,0,3,0.5,0.25,"A smile, wide.",AU12 pulls.,AU12 means joy.\nb.jpg,Sadly Angry,p2,test,,,,,,,\n',
    ...pictures('a.jpg', 'b.jpg'),
  },
};

/** What `mien dataset convert` is given of each set, below its folder. */
export const LABELS: Readonly<Partial<Record<SourceName, string>>> = {
  gft: 'gft.csv',
  emotionet: 'emotionet.csv',
  'c-expr-db': 'labels',
  csv: 'list.csv',
};

/** AffectNet's smaller release: annotations as arrays of numpy beside the pictures. */
export const AFFECTNET_ARRAYS: Files = {
  'train_set/annotations/12_exp.npy': npyText('3'),
  'train_set/annotations/12_val.npy': npyText('0.25'),
  'train_set/annotations/12_aro.npy': npyText('-0.5'),
  'val_set/annotations/0_exp.npy': npyText('7'),
  'val_set/annotations/0_val.npy': npyText('-0.6'),
  'val_set/annotations/0_aro.npy': npyText('0.4'),
  ...pictures('train_set/images/12.jpg', 'val_set/images/0.jpg'),
};
