import { type Complaint, keepMeantAlternatives } from './alternatives.ts';

/**
 * Reads what an error answer of the API says: its `detail`, or each complaint about the request with the place that it is about.
 *
 * @param body the text of the answer
 * @returns undefined when it says nothing that this could read
 */
export function explainErrorAnswer(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== 'object' || answer === null) return undefined;
    if ('exception_detail' in answer && Array.isArray(answer.exception_detail)) return listComplaints(answer.exception_detail);
    if (!('detail' in answer)) return undefined;
    if (Array.isArray(answer.detail)) return listComplaints(answer.detail);
    return typeof answer.detail === 'string' ? answer.detail.trim().replace(/\.$/, '') : JSON.stringify(answer.detail);
  } catch {
    return undefined;
  }
}

function listComplaints(complaints: readonly unknown[]): string {
  const read = complaints.every(isComplaint) ? keepMeantAlternatives(complaints) : complaints;
  return read.map(explainComplaint).join('; ');
}

function isComplaint(complaint: unknown): complaint is Complaint {
  if (typeof complaint !== 'object' || complaint === null || !('loc' in complaint) || !('msg' in complaint)) return false;
  return Array.isArray(complaint.loc) && typeof complaint.msg === 'string';
}

function explainComplaint(complaint: unknown): string {
  if (typeof complaint !== 'object' || complaint === null || !('msg' in complaint)) return JSON.stringify(complaint);
  const loc: readonly unknown[] = 'loc' in complaint && Array.isArray(complaint.loc) ? complaint.loc : [];
  const place = (loc[0] === 'body' ? loc.slice(1) : loc).join('.');
  const message = String(complaint.msg).replace(/^Value error, /, '');
  return place ? `${place}: ${message}` : message;
}
